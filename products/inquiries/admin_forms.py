"""The forms by which staff work on inquiries."""

from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.validators import validate_text
from contacts.models import Contact
from products.inquiries.models import Inquiry


class ContactActionForm(ActionForm):
    """The list's actions, with the contact to assign to beside them."""

    contact = forms.ModelChoiceField(
        Contact.objects.active(), label=_("Contact"), required=False, empty_label=_("to whom?")
    )


class InquiryWorkForm(forms.ModelForm):
    """What may be done about one inquiry; what the visitor wrote cannot be changed."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Assigned to"),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("The contact is told by e-mail."),
    )
    new_status = forms.ChoiceField(label=_("Status"))
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=20_000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Goes to the buyer by e-mail, from the contact's name."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=20_000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Seen by the staff alone."),
    )

    class Meta:
        model = Inquiry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inquiry = self.instance
        statuses = [inquiry.status, *inquiry.moves]
        self.fields["new_status"].choices = [(s, Inquiry.Status(s).label) for s in statuses]
        self.initial["new_status"] = inquiry.status
        if "contact" in self.fields:
            chosen = Contact.objects.filter(pk=inquiry.assigned_to_id)
            self.fields["contact"].queryset = Contact.objects.active() | chosen
            self.initial["contact"] = inquiry.assigned_to_id

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("answer") and not (data.get("contact") or self.instance.assigned_to_id):
            self.add_error("answer", _("Assign the inquiry first: an answer comes from somebody."))
        if "contact" in self.changed_data and "contact" in data and data["contact"] is None:
            self.add_error("contact", _("Choose who takes it over: it cannot be left to nobody."))
        return data

    def work(self, by: AbstractUser) -> None:
        """Do what was asked for, all of it or nothing, in the name of `by`."""
        inquiry, data = self.instance, self.cleaned_data
        with transaction.atomic():
            if data.get("contact"):
                inquiry.assign(data["contact"], by)
            if data["answer"]:
                inquiry.answer(data["answer"], by)
            if data["note"]:
                inquiry.note(data["note"], by)
            if "new_status" in self.changed_data:
                inquiry.move_to(data["new_status"], by)
