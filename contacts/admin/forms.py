"""The forms of the company and the contact: they clean numbers and addresses that are pasted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_fields import EmailField, LineField, PhoneField

NUMBERS_AS_TYPED = _(
    "Numbers appear on the site exactly as you enter them. Links dial them in international "
    "format; numbers without a country code belong to the company's country."
)


def _phone_input() -> forms.TelInput:
    return forms.TelInput(attrs={"class": "vTextField"})


class CompanyForm(forms.ModelForm):
    class Meta:
        field_classes = {
            **dict.fromkeys(["hotline", "phone", "fax"], PhoneField),
            "skype": LineField,
            "email": EmailField,
        }
        widgets = {name: _phone_input() for name in ("hotline", "phone", "fax")}


class ContactForm(forms.ModelForm):
    class Meta:
        field_classes = {
            **dict.fromkeys(["phone", "fax", "mobile"], PhoneField),
            **dict.fromkeys(["name", "skype"], LineField),
            "email": EmailField,
        }
        widgets = {name: _phone_input() for name in ("phone", "fax", "mobile")}
