"""The fields of an inquiry, as visitors and the staff enter them."""

from typing import Any, cast

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.form_fields import EmailField, LineField, MessageField, PhoneField
from core.phone_numbers import to_e164
from core.validators import validate_line
from inquiries.countries import country_of_number
from inquiries.forms.fields import CountryField, LongTextarea
from inquiries.models import Currency, Incoterm, Inquiry
from inquiries.prices import PriceError, parse_price

MAX_PRICE_LENGTH = 100  # characters

# The fields of the form for the trade terms; `target_price` is parsed.
TRADE_TERM_FIELDS = [name for name in Inquiry.TRADE_TERMS if name != "target_price_text"]
# Browsers take a unit for the number of a flat, and a port for part of an address.
NO_AUTOFILL = {"autocomplete": "off"}


class InquiryFieldsForm(forms.ModelForm):
    """The buyer, the message and the trade terms of an inquiry."""

    target_price = LineField(
        label=_("Target price"),
        required=False,
        max_length=MAX_PRICE_LENGTH,
        validators=[validate_line],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", **NO_AUTOFILL}),
    )

    country = CountryField(label=_("country"), required=False)

    class Meta:
        model = Inquiry
        fields = ["name", "email", "company", "phone", "message", *TRADE_TERM_FIELDS]
        field_classes = {
            **dict.fromkeys(["name", "company", "destination_port"], LineField),
            "email": EmailField,
            "phone": PhoneField,
            "message": MessageField,
        }
        widgets = {
            "phone": forms.TelInput,
            "destination_port": forms.TextInput(attrs=NO_AUTOFILL),
            "message": LongTextarea(attrs={"rows": 7}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone_e164 = ""
        for name, choices in (
            ("incoterm", Incoterm.choices),
            ("currency", [(code, code) for code in Currency.values]),
        ):
            choice = cast(forms.ChoiceField, self.fields[name])
            choice.choices = [("", _("Not decided yet")), *choices]

    @property
    def default_country(self) -> str:
        """The code of the country that is assumed if none is selected; may be empty."""
        return ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        phone, country = data.get("phone", ""), data.get("country", "")
        self.phone_e164 = to_e164(phone, country or self.default_country)
        if phone.startswith("+") and not self.phone_e164:
            self.add_error(
                "phone", _("Check the phone number: it is too long or too short for its country.")
            )
        if not country:
            data["country"] = country_of_number(self.phone_e164) or self.default_country
        self._clean_price(data)
        return data

    @property
    def request_fields(self) -> dict[str, Any]:
        """The fields for `receive_inquiry` that the buyer filled in, from the valid form."""
        names = [*InquiryFieldsForm.Meta.fields, "country", "target_price_text"]
        fields = {name: self.cleaned_data[name] for name in names}
        return {**fields, "phone_e164": self.phone_e164}

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
