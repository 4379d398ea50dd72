"""The terms of trade that an exporter asks for anyway."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.validators import validate_line


class Incoterm(models.TextChoices):
    """The Incoterms of 2020, as they are written in every language."""

    EXW = "EXW", "EXW – Ex Works"
    FCA = "FCA", "FCA – Free Carrier"
    FAS = "FAS", "FAS – Free Alongside Ship"
    FOB = "FOB", "FOB – Free On Board"
    CFR = "CFR", "CFR – Cost and Freight"
    CIF = "CIF", "CIF – Cost, Insurance and Freight"
    CPT = "CPT", "CPT – Carriage Paid To"
    CIP = "CIP", "CIP – Carriage and Insurance Paid To"
    DAP = "DAP", "DAP – Delivered At Place"
    DPU = "DPU", "DPU – Delivered at Place Unloaded"
    DDP = "DDP", "DDP – Delivered Duty Paid"


class Currency(models.TextChoices):
    """The currencies (ISO 4217) that prices are asked in most."""

    USD = "USD"
    EUR = "EUR"
    CNY = "CNY"
    AED = "AED"
    AUD = "AUD"
    BRL = "BRL"
    CAD = "CAD"
    CHF = "CHF"
    GBP = "GBP"
    INR = "INR"
    JPY = "JPY"
    KES = "KES"
    RUB = "RUB"
    SAR = "SAR"
    ZAR = "ZAR"


class TradeTerms(models.Model):
    """Where to, how, and at what price; all of it may be left open."""

    TERMS = ["destination_port", "incoterm", "target_price", "currency", "sample_wanted"]

    destination_port = models.CharField(
        _("port of destination"), max_length=100, blank=True, validators=[validate_line]
    )
    incoterm = models.CharField(
        _("Incoterm (2020)"), max_length=3, choices=Incoterm.choices, blank=True
    )
    target_price = models.DecimalField(
        _("target price"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, blank=True)
    sample_wanted = models.BooleanField(_("sample wanted"), default=False)

    class Meta:
        abstract = True

    @property
    def terms(self) -> list[tuple[str, str]]:
        """What was said of the terms: each with its name, in the language of the reader."""
        names = {field.name: str(field.verbose_name) for field in self._meta.fields}
        price = f"{self.target_price} {self.currency}".strip()
        said = {
            "destination_port": self.destination_port,
            "incoterm": self.incoterm,
            "target_price": price if self.target_price is not None else "",
            "sample_wanted": _("yes") if self.sample_wanted else "",
        }
        return [(names[name], str(value)) for name, value in said.items() if value]
