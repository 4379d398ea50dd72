"""The form by which a visitor asks."""

from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.validators import validate_text
from products.inquiries.form_parts import ProductField, StampedForm
from products.inquiries.models import Inquiry


class InquiryForm(StampedForm, forms.ModelForm):
    """What a visitor asks. Whatever is wrong is said beside its field, and all stays typed."""

    field_order = ["product", "quantity", "message", "name", "email"]

    product = ProductField(label=_("Product"), required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        required=False,
        min_value=1,
        validators=[MaxValueValidator(1_000_000_000)],
    )

    class Meta:
        model = Inquiry
        fields = ["name", "email", "company", "country", "phone", "message"]
        labels = {"name": _("Your name"), "message": _("Your message"), "country": _("Country")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "company": forms.TextInput(attrs={"autocomplete": "organization"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "message": forms.Textarea(attrs={"rows": 7}),
        }
        error_messages = {
            "name": {"required": _("Tell us your name, so that we can address you.")},
            "email": {
                "required": _("We need your e-mail address to answer you."),
                "invalid": _("This is not a complete e-mail address, such as name@example.com."),
            },
            "message": {"required": _("Write what you would like to know.")},
        }

    def __init__(self, *args: Any, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        cast(ProductField, self.fields["product"]).offer(self.data.get("product", "") or chosen)
        self.initial.setdefault("product", chosen)

    def save(self, sender: str) -> Inquiry:  # type: ignore[override]  # takes no `commit`
        """Keep the inquiry in the visitor's language, with a line for the product."""
        product, quantity = self.cleaned_data["product"], self.cleaned_data["quantity"]
        lines = (
            [{"product": product, "quantity": quantity, "unit": product.unit}] if product else []
        )
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return Inquiry.objects.receive(lines, self.key, sender, language=get_language(), **fields)


class MessageForm(StampedForm):
    """What a buyer adds to an inquiry of theirs."""

    message = forms.CharField(
        label=_("Your message"),
        max_length=5000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write what you would like to add.")},
    )

    def send(self, inquiry: Inquiry) -> None:
        """Keep the message; one that was sent before is kept once."""
        inquiry.hear_once(self.key, self.cleaned_data["message"])
