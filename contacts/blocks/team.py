from datetime import timedelta
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.pages.block_forms import Block, line


class TeamBlock(Block):
    """The cards of contacts, which every page has in its context; they say who is available now."""

    label = _("Sales team")
    order = 105
    translated: ClassVar = ["heading"]
    lifetime = timedelta(minutes=1)

    heading = line(_("Heading"))
    contacts = forms.ModelMultipleChoiceField(
        label=_("Contacts"),
        queryset=Contact.objects.active(),
        required=False,
        help_text=_("None: all active contacts."),
    )
