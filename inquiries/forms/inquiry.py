"""The public inquiry form."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.email_addresses import suggest_email
from core.form_fields import EmailField, LineField, MessageField, PhoneField
from core.phone_numbers import to_e164
from core.validators import validate_line
from inquiries import time_zones
from inquiries.basket import Basket
from inquiries.countries import country_of_browser, country_of_number
from inquiries.forms.fields import (
    AttachmentsField,
    LongTextarea,
    OptionalContactField,
    ProductField,
    QuantityField,
    TimeZoneInput,
)
from inquiries.forms.spam_protection import SpamProtectedForm
from inquiries.models import Currency, Incoterm, Inquiry
from inquiries.prices import PriceError, parse_price
from inquiries.screening import Submission
from inquiries.sources import inquiry_source
from products.models import Product

MAX_PATH_LENGTH = 299
MAX_PRICE_LENGTH = 100  # characters

# The fields of the form for the trade terms; `target_price` is parsed.
TRADE_TERM_FIELDS = [name for name in Inquiry.TRADE_TERMS if name != "target_price_text"]
NO_AUTOFILL = {"autocomplete": "off"}


class InquiryForm(SpamProtectedForm, forms.ModelForm):
    """An inquiry about products from the basket, one more product, or none."""

    field_order = [
        "product",
        "quantity",
        "unit",
        "message",
        "attachments",
        *TRADE_TERM_FIELDS,
        "name",
    ]

    product = ProductField(label=_("Product"), required=False)
    quantity = QuantityField(required=False)
    # Browsers take a unit for the number of a flat, and a port for part of an address.
    unit = LineField(
        label=_("Unit"),
        required=False,
        max_length=30,
        validators=[validate_line],
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    target_price = LineField(
        label=_("Target price"),
        required=False,
        max_length=MAX_PRICE_LENGTH,
        validators=[validate_line],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", **NO_AUTOFILL}),
    )
    attachments = AttachmentsField()
    came_from = forms.CharField(required=False, widget=forms.HiddenInput)
    time_zone = forms.Field(required=False, widget=TimeZoneInput)
    contact = OptionalContactField(widget=forms.HiddenInput)

    class Meta:
        model = Inquiry
        fields = ["name", "email", "company", "country", "phone", "message", *TRADE_TERM_FIELDS]
        field_classes = {
            **dict.fromkeys(["name", "company", "destination_port"], LineField),
            "email": EmailField,
            "phone": PhoneField,
            "message": MessageField,
        }
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
            "phone": forms.TelInput(attrs={"autocomplete": "tel"}),
            "destination_port": forms.TextInput(attrs=NO_AUTOFILL),
            "message": LongTextarea(attrs={"rows": 7}),
        }
        error_messages = {
            "name": {"required": _("Enter your name.")},
            "email": {
                "required": _("Enter your e-mail address."),
                "invalid": _("Enter a valid e-mail address, for example name@example.com."),
            },
            "message": {"required": _("Enter a message.")},
        }

    def __init__(
        self,
        *args: Any,
        basket: Basket,
        product_slug: str = "",
        contact: str = "",
        variant: str = "",
        came_from: str = "",
        accept_language: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._apply_corrected_email()
        self.basket = basket
        self.browser_country = country_of_browser(accept_language)
        self.phone_e164 = ""
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        for name, choices in (
            ("incoterm", Incoterm.choices),
            ("currency", [(code, code) for code in Currency.values]),
        ):
            choice = cast(forms.ChoiceField, self.fields[name])
            choice.choices = [("", _("Not decided yet")), *choices]
        product_field = cast(ProductField, self.fields["product"])
        product_field.set_choices(self.data.get("product", "") or product_slug)
        self.initial.update(came_from=came_from, contact=contact)
        if product_slug:
            self._set_initial_product(product_slug, variant)

    @cached_property
    def chosen_contact(self) -> Contact | None:
        """The active contact of the card from which the visitor opened the form."""
        return self.fields["contact"].clean(self["contact"].value())

    @property
    def has_trade_terms(self) -> bool:
        """Whether a trade term was entered; otherwise their section is collapsed."""
        return any(self.data.get(name) for name in Inquiry.TRADE_TERMS)

    def clean_came_from(self) -> str:
        """A path on this site; empty for anything else, which only a manipulated form sends."""
        path = self.cleaned_data["came_from"]
        is_local = path.startswith("/") and not path.startswith("//")
        return path if is_local and len(path) <= MAX_PATH_LENGTH else ""

    def clean_time_zone(self) -> str:
        """A name from the tz database; empty for anything else, which no browser sends."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in time_zones.known_zones() else ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        phone, country = data.get("phone", ""), data.get("country", "")
        self.phone_e164 = to_e164(phone, country or self.browser_country)
        if phone.startswith("+") and not self.phone_e164:
            self.add_error(
                "phone", _("Check the phone number: it is too long or too short for its country.")
            )
        if not country:
            number_country = country_of_number(self.phone_e164)
            data["country"] = number_country or self.browser_country
        self._clean_price(data)
        return data

    def submission(self, ip_address: str) -> Submission:
        """The submission for the screening, from a valid form."""
        data = self.cleaned_data
        fields = ("name", "company", "phone", "unit", "destination_port", "target_price_text")
        names = " ".join(data[name] for name in fields)
        return self._submission(ip_address, text=data["message"], email=data["email"], names=names)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines for `receive_inquiry`: the basket, and the product of the valid form."""
        lines = {
            product: {"product": product, "quantity": quantity, "unit": product.unit}
            for product, quantity in self.basket.quantities.items()
        }
        data = self.cleaned_data
        if product := data["product"]:
            unit = data["unit"] or product.unit
            lines[product] = {"product": product, "quantity": data["quantity"], "unit": unit}
        return list(lines.values())

    @property
    def inquiry_fields(self) -> dict[str, Any]:
        """The other fields for `receive_inquiry`, from the valid form."""
        data = self.cleaned_data
        source = inquiry_source(
            data["came_from"],
            has_basket=bool(self.basket.quantities),
            has_contact=data["contact"] is not None,
        )
        return {
            **{name: data[name] for name in [*self.Meta.fields, "target_price_text"]},
            "phone_e164": self.phone_e164,
            "language": get_language(),
            "time_zone": data["time_zone"],
            "source": source,
            "source_page": data["came_from"],
            "chosen_contact": data["contact"],
        }

    def _apply_corrected_email(self) -> None:
        """Use the suggested e-mail address if the visitor clicked it and typed no other since."""
        corrected = self.data.get("corrected_email")
        if corrected and corrected == suggest_email(self.data.get("email", "")):
            self.data = cast(QueryDict, self.data).copy()
            self.data["email"] = corrected

    def _clean_price(self, data: dict[str, Any]) -> None:
        """Parse the target price; one that is no single amount is saved as it was typed."""
        typed, selected = data.get("target_price") or "", data.get("currency", "")
        data |= {"target_price": None, "target_price_text": ""}
        if not typed:
            data["currency"] = ""
            return
        try:
            price = parse_price(typed, get_language() or "")
        except PriceError:
            text = _("Check the price: write it as one amount, for example 1250.50.")
            self.add_error("target_price", text)
            return
        data["target_price"] = price.amount
        data["target_price_text"] = "" if price.amount is not None else typed
        if price.currencies and selected not in price.currencies:
            if selected or not price.usual_currency:
                self.add_error("currency", self._explain_currency(price.currencies))
            else:
                data["currency"] = price.usual_currency

    def _explain_currency(self, typed: tuple[str, ...]) -> str:
        text = gettext("The price was entered in %(currency)s. Select the currency that you mean.")
        return text % {"currency": " / ".join(typed)}

    def _set_initial_product(self, slug: str, variant: str) -> None:
        """Fill in the product with this slug, unless it is in the basket, and its variant."""
        product = Product.objects.published().find_by_slug(slug)
        if product is None or product in self.basket.quantities:
            return
        self.initial.update(product=product.slug, quantity=product.min_order, unit=product.unit)
        # The names of the variants are in the active language, like the link.
        if any(variant == known.name for known in product.variants.all()):
            self.initial["message"] = _("Variant: %(name)s") % {"name": variant} + "\n\n"
