"""The page on which part of an inquiry becomes an inquiry of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.http import account
from inquiries.admin.pages import InquiryPages
from inquiries.answering.splitting import MOVABLE, split
from inquiries.models import Inquiry, InquiryEvent
from inquiries.permissions import sees_all


class SplitForm(forms.Form):
    """What of an inquiry is taken out, and who answers it then."""

    lines = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Products"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    messages = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Messages, with their files"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The first message stays where it is."),
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Who answers the new inquiry"), widget=forms.RadioSelect, initial="same"
    )

    def __init__(self, *args: Any, inquiry: Inquiry, may_assign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = inquiry.events.filter(kind__in=MOVABLE).prefetch_related("attachments")
        self._offer("lines", [(line.pk, str(line)) for line in inquiry.lines.all()])
        self._offer("messages", [(event.pk, _described(event)) for event in said])
        if not (may_assign and inquiry.assigned_to):
            del self.fields["whose"]
        else:
            same = _("%(contact)s, as before") % {"contact": inquiry.assigned_to}
            self._offer("whose", [("same", same), ("nobody", _("nobody yet: to be assigned"))])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


def _described(event: InquiryEvent) -> str:
    """A message by its day, its beginning and its files."""
    at = date_format(localtime(event.at), "Y-m-d H:i")
    names = [file.name for file in event.attachments.all()]
    return " · ".join([at, Truncator(event.text).chars(160), *names])


class Splitting(InquiryPages):
    """Splitting, for whoever may work on the inquiry."""

    def get_urls(self) -> list[URLPattern]:
        return [self.page("split", self.split), *super().get_urls()]

    def split(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose what is taken out (GET), and take it out (POST)."""
        inquiry = self.workable(request, pk)
        may_assign = sees_all(request.user)
        data = request.POST if request.method == "POST" else None
        form = SplitForm(data, inquiry=inquiry, may_assign=may_assign)
        if form.is_valid():
            chosen = form.cleaned_data
            same = chosen.get("whose", "same") == "same"
            try:
                new = split(inquiry, chosen["lines"], chosen["messages"], account(request), same)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                text = _("This is the new inquiry; the rest is still in %(reference)s.")
                self.message_user(request, text % {"reference": inquiry}, messages.SUCCESS)
                return self.lead_to(new)
        return self.show(request, "split", inquiry, _("Split this inquiry"), form=form)
