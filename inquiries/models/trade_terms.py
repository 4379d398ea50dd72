"""The choices of the trade terms of an inquiry."""

from django.db import models


class Incoterm(models.TextChoices):
    """The Incoterms of 2020; their names are not translated."""

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
    """The currencies (ISO 4217) of a target price."""

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
