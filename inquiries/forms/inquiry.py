"""The public inquiry form."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.email_addresses import suggest_email
from core.form_fields import LineField
from core.text.amounts import parse_whole_number
from core.validators import validate_line
from inquiries import time_zones
from inquiries.basket import Basket
from inquiries.countries import country_of_browser
from inquiries.forms.fields import (
    AttachmentsField,
    OptionalContactField,
    ProductField,
    QuantityField,
    TimeZoneInput,
    VariantField,
)
from inquiries.forms.inquiry_fields import NO_AUTOFILL, TRADE_TERM_FIELDS, InquiryFieldsForm
from inquiries.forms.spam_protection import SpamProtectedForm
from inquiries.models import Inquiry
from inquiries.screening import Submission
from inquiries.sources import inquiry_source
from products.models import Product

MAX_PATH_LENGTH = 299


class InquiryForm(SpamProtectedForm, InquiryFieldsForm):
    """An inquiry about products from the basket, one more product, or none."""

    field_order = [
        "product",
        "variant",
        "quantity",
        "unit",
        "message",
        "attachments",
        *TRADE_TERM_FIELDS,
        "name",
    ]

    product = ProductField(label=_("Product"), required=False)
    variant = VariantField()
    quantity = QuantityField(required=False)
    unit = LineField(
        label=_("Unit"),
        required=False,
        max_length=30,
        validators=[validate_line],
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    attachments = AttachmentsField()
    came_from = forms.CharField(required=False, widget=forms.HiddenInput)
    time_zone = forms.Field(required=False, widget=TimeZoneInput)
    contact = OptionalContactField(widget=forms.HiddenInput)

    class Meta(InquiryFieldsForm.Meta):
        labels = {
            "name": _("Your name"),
            "message": _("Your message"),
            "sample_wanted": _("We would like a sample first"),
        }
        widgets = {
            **InquiryFieldsForm.Meta.widgets,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "company": forms.TextInput(attrs={"autocomplete": "organization"}),
            "phone": forms.TelInput(attrs={"autocomplete": "tel"}),
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
        quantity: str = "",
        came_from: str = "",
        accept_language: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._apply_corrected_email()
        self.basket = basket
        self.browser_country = country_of_browser(accept_language)
        self.fields["country"].label = _("Country")
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        product_field = cast(ProductField, self.fields["product"])
        slug = self.data.get("product", "") or product_slug
        product_field.set_choices(slug)
        self.variant_field.set_product(slug)
        self.initial.update(came_from=came_from, contact=contact)
        if product_slug:
            self._set_initial_product(product_slug, variant, quantity)

    @property
    def variant_field(self) -> VariantField:
        return cast(VariantField, self.fields["variant"])

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

    @property
    def default_country(self) -> str:
        return self.browser_country

    def clean(self) -> dict[str, Any]:
        """Move a quantity without a product to the message."""
        data = super().clean()
        quantity, unit = data.get("quantity"), data.get("unit", "")
        if quantity and "message" in data and not data.get("product"):
            line = f"{gettext('Quantity')}: {quantity} {unit}".strip()
            data["message"] = f"{data['message']}\n\n{line}"
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
        offered = self.basket.offered.items()
        lines = {
            (product, variant): {"product": product, "quantity": quantity, "unit": product.unit}
            for (product, variant), quantity in offered
        }
        data = self.cleaned_data
        if product := data["product"]:
            unit = data["unit"] or product.unit
            line = {"product": product, "quantity": data["quantity"], "unit": unit}
            lines[product, data["variant"]] = line
        for (_product, variant), line in lines.items():
            line["variant"] = variant.label if variant else ""
        return list(lines.values())

    @property
    def inquiry_fields(self) -> dict[str, Any]:
        """The other fields for `receive_inquiry`, from the valid form."""
        data = self.cleaned_data
        source = inquiry_source(
            data["came_from"],
            has_basket=bool(self.basket.offered),
            has_contact=data["contact"] is not None,
        )
        return {
            **self.request_fields,
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

    def _set_initial_product(self, slug: str, variant: str, quantity: str) -> None:
        """Fill in the product with this slug and its variant, unless they are in the basket."""
        product = Product.objects.published().find_by_slug(slug)
        if product is None:
            return
        chosen = self.variant_field.find(variant)
        if (product, chosen) in self.basket.offered:
            self.variant_field.set_product("")
            return
        number = parse_whole_number(quantity) or product.min_order
        self.initial.update(product=product.slug, quantity=number, unit=product.unit)
        self.initial["variant"] = chosen.pk if chosen else ""
