"""The forms by which a visitor asks, and writes again."""

from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.validators import validate_line, validate_text
from inquiries import phone_numbers, time_zones
from inquiries.basket import Basket
from inquiries.forms.fields import (
    FilesField,
    LenientContactField,
    LongTextInput,
    ProductField,
    StampedForm,
    TimeZoneInput,
)
from inquiries.models import Currency, Incoterm, Inquiry
from inquiries.screening import Submission
from inquiries.services import receive_inquiry, receive_message
from inquiries.sources import inquiry_source


class InquiryForm(StampedForm, forms.ModelForm):
    """What a visitor asks. Whatever is wrong is said beside its field, and all stays typed."""

    field_order = [
        "product",
        "quantity",
        "unit",
        "message",
        "attachments",
        *Inquiry.TRADE_TERMS,
        "name",
    ]

    product = ProductField(label=_("Product"), required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        required=False,
        min_value=1,
        validators=[MaxValueValidator(1_000_000_000)],
    )
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=30, validators=[validate_line]
    )
    attachments = FilesField()
    came_from = forms.CharField(required=False, widget=forms.HiddenInput)
    time_zone = forms.Field(required=False, widget=TimeZoneInput)
    contact = LenientContactField(widget=forms.HiddenInput)

    class Meta:
        model = Inquiry
        fields = ["name", "email", "company", "country", "phone", "message", *Inquiry.TRADE_TERMS]
        labels = {
            "name": _("Your name"),
            "message": _("Your message"),
            "country": _("Country"),
            "sample_wanted": _("We would like a sample first"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "company": forms.TextInput(attrs={"autocomplete": "organization"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "message": LongTextInput(attrs={"rows": 7}),
            "target_price": forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}),
        }
        error_messages = {
            "name": {"required": _("Tell us your name, so that we can address you.")},
            "email": {
                "required": _("We need your e-mail address to answer you."),
                "invalid": _("This is not a complete e-mail address, such as name@example.com."),
            },
            "message": {"required": _("Write what you would like to know.")},
        }

    def __init__(
        self,
        *args: Any,
        basket: Basket,
        chosen: str = "",
        contact: str = "",
        variant: str = "",
        came_from: str = "",
        browser_languages: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.browser_country = phone_numbers.country_of_browser(browser_languages)
        self.number = ""
        self.basket = basket
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        for name, choices in (("incoterm", Incoterm.choices), ("currency", Currency.choices)):
            choice = cast(forms.ChoiceField, self.fields[name])
            choice.choices = [("", _("Not decided yet")), *choices]
        field = cast(ProductField, self.fields["product"])
        field.offer(self.data.get("product", "") or chosen)
        self.initial.update(came_from=came_from, contact=contact)
        if chosen and (product := field.find(chosen)) and product not in basket.quantities:
            self.initial.update(product=product.slug, quantity=product.min_order, unit=product.unit)
            # By the name as it is shown, which may be that of another language.
            if any(variant == known.name for known in product.variants.all()):
                self.initial["message"] = _("Variant: %(name)s") % {"name": variant} + "\n\n"

    @cached_property
    def asks_for(self) -> Contact | None:
        """The contact on whose card the visitor asked, if they are still on the site."""
        return self.fields["contact"].clean(self["contact"].value())

    @property
    def has_terms(self) -> bool:
        """Whether something was typed among the terms of trade, which are folded away else."""
        return any(self.data.get(name) for name in Inquiry.TRADE_TERMS)

    def clean_came_from(self) -> str:
        """The path of a page of this site; anything else is nothing that a visitor typed."""
        path = self.cleaned_data["came_from"]
        return (
            path if path.startswith("/") and not path.startswith("//") and len(path) < 300 else ""
        )

    def clean_time_zone(self) -> str:
        """A name of the tz database; anything else is nothing that a browser tells."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in time_zones.known_zones() else ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        phone, country = data.get("phone", ""), data.get("country", "")
        self.number = phone_numbers.to_e164(phone, country or self.browser_country)
        if phone.startswith("+") and not self.number:
            self.add_error("phone", _("This number is too long or too short for its country."))
        if not country:
            data["country"] = phone_numbers.country_of_number(self.number) or self.browser_country
        if data.get("target_price") is None:
            data["currency"] = ""
        return data

    def submitted_by(self, sender: str) -> Submission:
        """What is sent from the network address `sender`, for the screening."""
        data = self.cleaned_data
        names = " ".join([data["name"], data["company"], data["unit"], data["destination_port"]])
        return self.submission(sender, text=data["message"], email=data["email"], names=names)

    def save(self, submission: Submission) -> Inquiry:  # type: ignore[override]  # no `commit`
        """Keep the inquiry in the visitor's language, with a line for each product."""
        data = self.cleaned_data
        lines = {
            product: {"product": product, "quantity": quantity, "unit": product.unit}
            for product, quantity in self.basket.quantities.items()
        }
        if product := data["product"]:
            unit = data["unit"] or product.unit
            lines[product] = {"product": product, "quantity": data["quantity"], "unit": unit}
        return receive_inquiry(
            lines=list(lines.values()),
            files=data["attachments"],
            submission=submission,
            key=self.key,
            language=get_language(),
            phone_e164=self.number,
            source=inquiry_source(
                data["came_from"],
                has_basket=bool(self.basket.quantities),
                has_contact=data["contact"] is not None,
            ),
            source_page=data["came_from"],
            time_zone=data["time_zone"],
            chosen_contact=data["contact"],
            **{name: data[name] for name in self.Meta.fields},
        )


class MessageForm(StampedForm):
    """What a buyer adds to an inquiry of theirs."""

    message = forms.CharField(
        label=_("Your message"),
        max_length=5000,
        validators=[validate_text],
        widget=LongTextInput(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write what you would like to add.")},
    )

    attachments = FilesField()

    def submitted_by(self, sender: str, inquiry: Inquiry) -> Submission:
        """What is sent from the network address `sender`, for the screening."""
        text = self.cleaned_data["message"]
        return self.submission(sender, text=text, email=inquiry.email)

    def send(self, inquiry: Inquiry, submission: Submission) -> None:
        """Keep the message; one that was sent before is kept once."""
        files = self.cleaned_data["attachments"]
        receive_message(inquiry, submission, key=self.key, files=files)
