"""The form that splits an inquiry."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.splitting import MOVABLE_KINDS


class SplitForm(forms.Form):
    """The products and messages that move to a new inquiry, and its contact."""

    lines = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Products"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    messages = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Messages with their attachments"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The first message stays in the original inquiry."),
    )
    assignee = forms.ChoiceField(
        label=gettext_lazy("Assign the new inquiry to"), widget=forms.RadioSelect, initial="same"
    )

    def __init__(self, *args: Any, inquiry: Inquiry, may_assign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        movable = inquiry.events.filter(kind__in=MOVABLE_KINDS).prefetch_related("attachments")
        self._set_choices("lines", [(line.pk, str(line)) for line in inquiry.lines.all()])
        self._set_choices("messages", [(event.pk, _message_label(event)) for event in movable])
        if may_assign and inquiry.assigned_to:
            same = _("%(contact)s (unchanged)") % {"contact": inquiry.assigned_to}
            unassigned = _("Leave unassigned")
            self._set_choices("assignee", [("same", same), ("none", unassigned)])
        else:
            del self.fields["assignee"]

    @property
    def keeps_contact(self) -> bool:
        return self.cleaned_data.get("assignee", "same") == "same"

    def _set_choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


def _message_label(event: InquiryEvent) -> str:
    """The time, the beginning and the file names of a message."""
    at = date_format(localtime(event.at), "Y-m-d H:i")
    files = [file.name for file in event.attachments.all()]
    return " · ".join([at, Truncator(event.text).chars(160), *files])
