"""The form with which the staff enter an inquiry, and its lines."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import languages
from core.form_fields import LineField
from core.validators import validate_line
from inquiries.files import STAFF_LIMITS
from inquiries.forms.fields import (
    AttachmentsField,
    OptionalContactField,
    ProductField,
    QuantityField,
)
from inquiries.forms.inquiry_fields import InquiryFieldsForm
from inquiries.models import Inquiry

LINES = 8
Source = Inquiry.Source


class AddInquiryForm(InquiryFieldsForm):
    """An inquiry that arrived by telephone, at a trade fair, in a chat or on paper.

    The buyer needs an e-mail address or a phone number.
    """

    key = forms.UUIDField(widget=forms.HiddenInput({"data-restored": "key"}))
    source = forms.ChoiceField(
        label=_("Received by"), choices=[(one.value, one.label) for one in Source.from_staff()]
    )
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("Of the e-mails to the buyer, and for assignment rules.")
    )
    contact = OptionalContactField(
        label=_("Contact requested by the buyer"), empty_label=_("no preference")
    )
    attachments = AttachmentsField(STAFF_LIMITS)
    acknowledge = forms.BooleanField(
        label=_("Send an acknowledgement to the buyer"),
        required=False,
        help_text=_("With the reference, the reply deadline and a link to the buyer’s page."),
    )

    class Meta(InquiryFieldsForm.Meta):
        help_texts = {"email": _("Enter an e-mail address, a phone number or both.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(key=uuid4(), language=settings.LANGUAGE_CODE)
        self.fields["email"].required = False
        language = cast(forms.ChoiceField, self.fields["language"])
        language.choices = languages.language_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("email") or data.get("phone") or self.errors):
            text = gettext("Enter an e-mail address or a phone number, so that we can reply.")
            self.add_error("email", text)
        if data.get("acknowledge") and not data.get("email") and "email" not in self.errors:
            text = gettext("An acknowledgement needs an e-mail address.")
            self.add_error("acknowledge", text)
        return data

    @property
    def inquiry_fields(self) -> dict[str, Any]:
        """The fields for `receive_inquiry`, from the valid form."""
        data = self.cleaned_data
        return {
            **self.request_fields,
            "language": data["language"],
            "source": data["source"],
            "chosen_contact": data["contact"],
        }


class InquiryLineForm(forms.Form):
    """A product of the inquiry; an empty form is no line."""

    product = ProductField(label=_("Product"), required=False)
    quantity = QuantityField(required=False)
    unit = LineField(label=_("Unit"), required=False, max_length=30, validators=[validate_line])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(ProductField, self.fields["product"])
        field.set_choices(self.data.get(self.add_prefix("product"), "") if self.is_bound else "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("quantity") and not data.get("product") and "product" not in self.errors:
            self.add_error("product", gettext("Select the product, or describe it in the message."))
        return data


InquiryLineFormSet = forms.formset_factory(
    InquiryLineForm, extra=LINES, max_num=LINES, absolute_max=LINES
)


def lines_of(formset: Any) -> list[dict[str, Any]]:
    """The lines for `receive_inquiry`, from a valid formset; each product once."""
    lines = {}
    for form in formset:
        data = form.cleaned_data
        if product := data.get("product"):
            unit = data.get("unit") or product.unit
            lines[product] = {"product": product, "quantity": data.get("quantity"), "unit": unit}
    return list(lines.values())
