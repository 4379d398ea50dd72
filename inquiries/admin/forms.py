"""The forms by which staff work on inquiries."""

from typing import Any, cast

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from core.validators import validate_text
from inquiries.admin.answers import TemplateForm
from inquiries.admin.conflicts import Seen, tell
from inquiries.admin.presence import describe
from inquiries.forms.fields import LenientContactField, LongTextInput
from inquiries.models import Inquiry, InquiryEvent

MOST_CONTACTS = 200


class ContactActionForm(ActionForm):
    """The list's actions, with the contact to assign to beside them."""

    contact = LenientContactField(label=_("Contact"), empty_label=_("to whom?"))
    seen = forms.CharField(label="", required=False, widget=forms.HiddenInput)

    @classmethod
    def contact_in(cls, data: QueryDict) -> Contact | None:
        """The contact that was chosen in a form that was sent."""
        return cls.base_fields["contact"].clean(data.get("contact"))


class InquiryWorkForm(TemplateForm, forms.ModelForm):
    """What may be done about one inquiry; what the visitor wrote cannot be changed."""

    new_status = forms.ChoiceField(label=_("Status"))
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=20_000,
        validators=[validate_text],
        widget=LongTextInput(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Goes to the buyer by e-mail, from the contact's name."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=20_000,
        validators=[validate_text],
        widget=LongTextInput(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Seen by the staff alone."),
    )

    release = forms.BooleanField(
        label=_("No spam: release it"),
        required=False,
        help_text=_("It then counts as if it had just come: whoever answers it is told."),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Inquiry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = Seen.parse(self.data.get("seen", ""))
        self.show(sent or Seen.of(self.instance))

    def show(self, seen: Seen) -> None:
        """Take what the form showed, rather than what is there by now, for what it starts from."""
        self.shown = seen
        self.initial.update(seen=str(seen), new_status=seen.status)
        statuses = dict.fromkeys([seen.status, self.instance.status, *self.instance.moves])
        field = cast(forms.ChoiceField, self.fields["new_status"])
        field.choices = [(status, Inquiry.Status(status).label) for status in statuses]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("answer") and not (data.get("contact") or self.instance.assigned_to_id):
            self.add_error("answer", _("Assign the inquiry first: an answer comes from somebody."))
        if self.is_put_in:
            return data
        work = [name for name in ("contact", "answer", "new_status") if name in self.changed_data]
        others = self.instance.events.by_others_since(self.shown.event, self.user)
        if work and (events := list(others)):
            self.add_error(work[0], tell(events))
            self._show_news(events)
        return data

    def _show_news(self, events: list[InquiryEvent]) -> None:
        """Keep what was typed, show all else as it is now, and let the next save go through."""
        unchanged = {*self.fields} - {*self.changed_data}
        self.show(Seen.of(self.instance))
        sent = cast(QueryDict, self.data).copy()
        for name in unchanged | {"seen"}:
            sent[self.add_prefix(name)] = self.get_initial_for_field(self.fields[name], name)
        self.data = sent
        self.instance.news = {event.pk for event in events}

    def work(self, by: User) -> None:
        """Do what was asked for, all of it or nothing, in the name of `by`."""
        inquiry, data = self.instance, self.cleaned_data
        with transaction.atomic():
            if data.get("release"):
                inquiry.release(by)
            if data.get("contact") and "contact" in self.changed_data:
                inquiry.assign(data["contact"], by)
            if data["answer"] and not self._was_said(InquiryEvent.Kind.ANSWERED, data["answer"]):
                inquiry.answer(data["answer"], by)
            if data["note"] and not self._was_said(InquiryEvent.Kind.NOTE, data["note"]):
                inquiry.note(data["note"], by)
            if "new_status" in self.changed_data:
                inquiry.move_to(data["new_status"], by)

    def _was_said(self, kind: InquiryEvent.Kind, text: str) -> bool:
        """Whether the form was sent twice, as by a double click."""
        later = self.instance.events.filter(pk__gt=self.shown.event, actor=self.user)
        return later.filter(kind=kind, text=text).exists()


class InquiryManagerForm(InquiryWorkForm):
    """The same for who may also say whose the inquiry is."""

    contact: forms.ModelChoiceField = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Assigned to"),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("The contact is told by e-mail."),
    )

    def show(self, seen: Seen) -> None:
        super().show(seen)
        self.initial["contact"] = seen.contact
        there = Q(is_active=True) | Q(pk__in=[self.instance.assigned_to_id, seen.contact])
        contacts = Contact.objects.filter(there)
        field = cast(forms.ModelChoiceField, self.fields["contact"])
        field.queryset = contacts
        described = contacts.for_cards(Company.get_solo(), MOST_CONTACTS)
        field.choices = [
            ("", field.empty_label),
            *((contact.pk, describe(contact)) for contact in described),
        ]

    def clean_contact(self) -> Contact | None:
        contact = self.cleaned_data["contact"]
        if contact is None and "contact" in self.changed_data:
            raise forms.ValidationError(_("Choose who takes it over: it cannot be left to nobody."))
        return contact
