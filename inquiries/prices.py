"""Target prices as buyers write them: an amount, perhaps with a currency before or after it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import get_format

from core.text.amounts import parse_amount
from core.text.normalizing import to_plain_characters

MAX_WHOLE_DIGITS, MAX_DECIMALS = 12, 4

CURRENCY_NAMES = {
    "USD": "usd us$ $us u$s usd$ us-dollar usdollar usdollars dollar dollars dólar dólares доллар"
    " доллара долларов долл 美元 美金 دولار دولارات دولارأمريكي",
    "EUR": "eur € euro euros евро 欧元 歐元 يورو",
    "CNY": "cny rmb cn¥ yuan renminbi 元 人民币 人民幣 块 يوان юань юаней",
    "JPY": "jpy jp¥ yen 円 日元 日圆 ين",
    "GBP": "gbp £ stg pound pounds sterling 英镑 英鎊",
    "INR": "inr ₹ rupee rupees रु रुपये",
    "RUB": "rub rur ₽ руб рублей рубля рубль р 卢布",
    "CHF": "chf sfr fr franken 瑞郎",
    "AUD": "aud a$ au$",
    "CAD": "cad c$ ca$ can$ cad$",
    "BRL": "brl r$ real reais",
    "AED": "aed dhs dh دإ درهم دراهم درهمإماراتي 迪拉姆",
    "SAR": "sar sr رس ريالسعودي",
    "KES": "kes ksh kshs",
    "ZAR": "zar r rand",
}
CURRENCIES_BY_NAME = {
    **{name: (code,) for code, names in CURRENCY_NAMES.items() for name in names.split()},
    "$": ("USD", "AUD", "CAD"),
    "¥": ("CNY", "JPY"),
    "rs": ("INR",),
    "ريال": ("SAR",),
}
# What a sign of several currencies means where no currency is selected.
USUAL_CURRENCY = {"$": "USD"}
USUAL_CURRENCY_OF_LANGUAGE = {("¥", "zh"): "CNY", ("¥", "ja"): "JPY"}

AMOUNT = re.compile("([.,\u066b]?[0-9](?:.*[0-9])?)(?:[.,]\\s?[-\u2010-\u2015=]+)?", re.DOTALL)
DIGITS_AND_SEPARATORS = re.compile(
    "[0-9 .,'\u2019\u02bc\u2032`\u00b4\u066b\u066c\u060c\u3002\u00b7]+"
)
MINUS = re.compile("[-\u2010-\u2015\u2212]$")
ENDING = re.compile(r"^\s?/?[-\u2010-\u2015=]+")  # as in 12/- and 12=


class PriceError(ValueError):
    """What was typed is meant as one amount, but it cannot be read with certainty."""


@dataclass(frozen=True)
class Price:
    """A price that was typed.

    `amount` is None if the text is no single amount, such as `10 to 12 per piece`. `currencies`
    are the codes that it may be in, none if none was typed, and `usual_currency` the one that is
    usually meant, if any.
    """

    amount: Decimal | None
    currencies: tuple[str, ...] = ()
    usual_currency: str = ""


def parse_price(typed: str, language: str) -> Price:
    """The price that was typed, by the rules of `language`; raises PriceError."""
    text = to_plain_characters(typed)
    match = AMOUNT.search(text)
    if match is None:
        return Price(None)
    before, after = text[: match.start()].strip(), text[match.end() :]
    names = [
        _bare_name(MINUS.sub("", before).removesuffix("+")),
        _bare_name(ENDING.sub("", after)),
    ]
    known = [CURRENCIES_BY_NAME.get(name) if name else () for name in names]
    if None in known or not DIGITS_AND_SEPARATORS.fullmatch(match[1]):
        return Price(None)
    amount = parse_amount(match[0], get_format("DECIMAL_SEPARATOR", language))
    if amount is None or MINUS.search(before) or amount >= 10**MAX_WHOLE_DIGITS:
        raise PriceError(typed)
    rounded = round(amount, MAX_DECIMALS)
    if amount != rounded:
        return Price(None)
    found = [currencies for currencies in known if currencies]
    if not found:
        return Price(rounded)
    common = tuple(code for code in found[0] if code in found[-1])
    if not common:
        return Price(None)
    sign = next(filter(None, names))
    usual = USUAL_CURRENCY_OF_LANGUAGE.get((sign, language.partition("-")[0]), "")
    usual = usual or USUAL_CURRENCY.get(sign, "")
    return Price(rounded, common, common[0] if len(common) == 1 else usual)


def format_amount(amount: Decimal) -> str:
    """`amount` with a dot and at least two decimals, the same in every language: `1250.50`."""
    whole, _dot, fraction = f"{amount:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def _bare_name(name: str) -> str:
    return re.sub(r"[\s.:()/]", "", name.casefold())
