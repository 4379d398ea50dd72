"""What those who run the site fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_fields import EmailField


class EmailTestForm(forms.Form):
    """Who gets a test e-mail."""

    email = EmailField(label=_("E-mail address"), max_length=254)
