"""The forms by which staff work on inquiries."""

from typing import Any, cast

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from config.validators import validate_text
from contacts.models import Contact
from products.inquiries.admin.answers import TemplateForm
from products.inquiries.models import Inquiry


class LenientContactField(forms.ModelChoiceField):
    """An active contact, or None for whatever else is sent; the action says what is missing."""

    def clean(self, value: Any) -> Contact | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class ContactActionForm(ActionForm):
    """The list's actions, with the contact to assign to beside them."""

    contact = LenientContactField(
        Contact.objects.active(), label=_("Contact"), required=False, empty_label=_("to whom?")
    )

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

    release = forms.BooleanField(
        label=_("No spam: release it"),
        required=False,
        help_text=_("It then counts as if it had just come: whoever answers it is told."),
    )

    class Meta:
        model = Inquiry
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inquiry = self.instance
        statuses = [inquiry.status, *inquiry.moves]
        field = cast(forms.ChoiceField, self.fields["new_status"])
        field.choices = [(s, Inquiry.Status(s).label) for s in statuses]
        self.initial["new_status"] = inquiry.status

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("answer") and not (data.get("contact") or self.instance.assigned_to_id):
            self.add_error("answer", _("Assign the inquiry first: an answer comes from somebody."))
        return data

    def work(self, by: User) -> None:
        """Do what was asked for, all of it or nothing, in the name of `by`."""
        inquiry, data = self.instance, self.cleaned_data
        with transaction.atomic():
            if data.get("release"):
                inquiry.release(by)
            if data.get("contact"):
                inquiry.assign(data["contact"], by)
            if data["answer"]:
                inquiry.answer(data["answer"], by)
            if data["note"]:
                inquiry.note(data["note"], by)
            if "new_status" in self.changed_data:
                inquiry.move_to(data["new_status"], by)


class InquiryManagerForm(InquiryWorkForm):
    """The same for who may also say whose the inquiry is."""

    contact: forms.ModelChoiceField = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Assigned to"),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("The contact is told by e-mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Contact.objects.filter(pk=self.instance.assigned_to_id)
        field = cast(forms.ModelChoiceField, self.fields["contact"])
        field.queryset = Contact.objects.active() | chosen
        self.initial["contact"] = self.instance.assigned_to_id

    def clean_contact(self) -> Contact | None:
        contact = self.cleaned_data["contact"]
        if contact is None and self.instance.assigned_to_id:
            raise forms.ValidationError(_("Choose who takes it over: it cannot be left to nobody."))
        return contact
