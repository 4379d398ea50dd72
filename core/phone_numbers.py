"""Parsing, comparing and linking phone numbers as people write them.

`region` is always the ISO 3166 code of the country of numbers that have no country code.
"""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from core.text.normalizing import to_plain_characters

MAX_LENGTH = 100  # characters; longer texts are not parsed
MAX_DIGITS = 20  # with a prefix such as 00 and a trunk zero; E.164 has 15
MIN_DIGITS = 4
MIN_DIGITS_WITH_COUNTRY_CODE = 12  # to recognize a country code without a plus or a space

LABEL = re.compile(
    r"(?:tel(?:ephone|efono|efon|éfono)?|phone|ph|mob(?:ile?|il)?|cell(?:phone)?|handy|fax|hotline"
    r"|whats ?app|wechat|viber|telegram|office|home|work|direct|[tmpfw]"
    r"|тел(?:ефон)?|моб(?:ильный)?|电话|電話|座机|手机|手機|传真|傳真|热线|微信|号码"
    r"|هاتف|تلفون|تليفون|جوال|موبايل|واتساب|واتس اب|فاكس)",
    re.IGNORECASE,
)
LEADING_LABEL = re.compile(rf"^(?:{LABEL.pattern}\s*[.:/\-]*\s*){{1,3}}(?=[+(0-9])", re.IGNORECASE)
NOTE = re.compile(
    r"\([^()0-9+]*\)|\(\s*[0-9]{1,2}\s*(?:lines?|线|線)\s*\)"
    rf"|(?<=[0-9)])\s*[,/\-]?\s*{LABEL.pattern}\s*$",
    re.IGNORECASE,
)
EXTENSION = re.compile(
    r"[\s,;(/\-]*(?:;\s*ext\s*=|ext(?:ension|n)?|[xpw#]|转|轉|分机号?|分機號?|内线|內線|内線|내선"
    r"|доб(?:авочный)?|вн(?:утр)?|durchwahl|dw|nebenstelle|nst|app(?:arat)?|poste?|anexo|ramal"
    r"|int(?:erno|ern)?|wew|linka|klapka|mell(?:ék)?|dahili|toestel|tst|ankn|lok(?:al)?|local|loc"
    r"|máy lẻ|ต่อ|تحويلة|تحويله|داخلي|داخلی)"
    r"(?![^\W\d_])\s*(?:number|no)?[\s.:#=\-]*([0-9]{1,7})\s*[)#]?$",
    re.IGNORECASE,
)
EMPTY_EXTENSION = re.compile(r"[\s,;(]*(?:ext(?:ension|n)?|x|#|转|分机)[\s.:#)]*$", re.IGNORECASE)
# The last group of digits after a hyphen or a star, as in 0371-53706735-801.
LAST_GROUP = re.compile(r"\s*[-*]\s*([0-9]{1,5})$")
NEXT_NUMBER = re.compile(r"\s*(?:[/,;|、]|\b(?:or|and|oder|und|ou|или)\b|或|أو)\s*")
# Mobile numbers in Mexico had a 1 after the country code until 2019.
MEXICAN_MOBILE = re.compile(r"^([(\s]*(?:\+|00)\s?52[)\s\-]*)1(?=[\s\-(]*[0-9]{2})")
DASHES = re.compile("[\u2010-\u2015\u2212\u30fc~\u301c]")
DOTS = re.compile("[\u00b7\u2022\u2219\u3002]")
TRAILING_PLUS = re.compile(r"([0-9][0-9 ()\-]*)\+")
VANITY = re.compile(r"\+?1?[ \-.(]*8[0-9]{2}[ \-.)]+[A-Za-z0-9][A-Za-z0-9 \-]{6,11}")
INTERNATIONAL = re.compile(r"[(\s]*(?:\+|00)")
PREFIX = re.compile(r"^[+(\s]*(?:0\s?0)?[\s)]*")
ONE_NUMBER = re.compile(r"[+(]{0,3}\s*[0-9(][0-9 ()./*\-]*")


def guess_number(typed: str, region: str | None = None) -> PhoneNumber | None:
    """The number that was probably meant; None if it has no country code and no `region`.

    The country code may be written as `+86`, `0086`, `(86)` or `86-`, the trunk zero as `(0)`, an
    extension in the ways of many languages. Of two numbers, the first one is returned.
    """
    text = _normalize(typed)
    if not text:
        return None
    found = [number for spelling in _spellings(text) if (number := _parse(spelling, region))]
    return next(filter(phonenumbers.is_valid_number, found), found[0] if found else None)


def is_phone_number(typed: str) -> bool:
    """Whether `typed` looks like one or more phone numbers, perhaps with a label and extension."""
    text = _normalize(typed)
    parts = [_split_extension(part)[0] for part in NEXT_NUMBER.split(_split_extension(text)[0])]
    parts = [part for part in parts if part]
    return bool(parts) and all(map(_is_one_number, parts)) and _count_digits(parts[0]) >= MIN_DIGITS


def is_complete(number: PhoneNumber) -> bool:
    """Whether it has as many digits as its country requires for a call from abroad."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE


def format_number(number: PhoneNumber) -> str:
    """The number in E.123 notation, in the groups that its country uses."""
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def format_international(typed: str, region: str | None) -> str:
    """The number in E.123 notation; as it was typed if that is not certain."""
    number = _callable_number(typed, region)
    return format_number(number) if number and is_complete(number) else typed


def to_e164(typed: str, region: str | None = None) -> str:
    """`+49 (30) 901820` as `+4930901820`, without an extension; empty if it is not certain."""
    number = _callable_number(typed, region)
    return _format_e164(number) if number and is_complete(number) else ""


def tel_url(typed: str, region: str | None = None) -> str:
    """The `tel:` link (RFC 3966) of a number, with its extension.

    A number whose country is unknown is linked with the digits that were typed.
    """
    number = _callable_number(typed, region)
    text, extension = _split_extension(_normalize(typed))
    if number:
        main, extension = _format_e164(number), number.extension or extension
    else:
        plus = "+" if INTERNATIONAL.match(text) else ""
        main = plus + re.sub("[^0-9]", "", PREFIX.sub("", text) if plus else text)
    return f"tel:{main};ext={extension}" if extension else f"tel:{main}"


def whatsapp_url(typed: str, region: str | None = None) -> str:
    """`https://wa.me/` and the international number; empty if its country is unknown."""
    number = _callable_number(typed, region)
    return f"https://wa.me/{_format_e164(number)[1:]}" if number else ""


def comparison_key(number: PhoneNumber) -> str:
    """A string that is equal for all spellings of a number, including its extension."""
    extension = f";ext={number.extension}" if number.extension else ""
    return _format_e164(number) + extension


def is_international(typed: str, number: PhoneNumber) -> bool:
    """Whether `typed` is a plus, the country code, a space, and digits in any groups."""
    main = EXTENSION.sub("", typed.strip())
    return (
        main.startswith(f"+{number.country_code} ")
        and main.replace(" ", "") == _format_e164(number)
        and "  " not in main
    )


def region_of(typed: str) -> str | None:
    """The ISO 3166 code of the country of an international number, if it is known."""
    number = guess_number(typed) if INTERNATIONAL.match(_normalize(typed)) else None
    return phonenumbers.region_code_for_number(number) if number else None


def _callable_number(typed: str, region: str | None) -> PhoneNumber | None:
    """The number, if its country is certain: typed, or `region` and in use there."""
    number = guess_number(typed, region)
    if number is None or INTERNATIONAL.match(_normalize(typed)):
        return number
    return number if phonenumbers.is_valid_number(number) else None


def _normalize(typed: str) -> str:
    """`typed` with ASCII characters where possible, without labels and notes."""
    if len(typed) > MAX_LENGTH:
        return ""
    text = DOTS.sub(" ", DASHES.sub("-", to_plain_characters(typed).replace("\u2795", "+")))
    text = text.replace("[", "(").replace("]", ")").replace("0xx", "0").removeprefix("tel:")
    text = LEADING_LABEL.sub("", NOTE.sub(" ", text).strip()).strip(" .,;:")
    text = EMPTY_EXTENSION.sub("", text)
    if VANITY.fullmatch(text):
        text = phonenumbers.convert_alpha_characters_in_number(text)
    if trailing := TRAILING_PLUS.fullmatch(text):  # typed from right to left
        text = "+" + trailing[1]
    return text


def _split_extension(text: str) -> tuple[str, str]:
    """The normalized number without its extension, and the digits of the extension."""
    match = EXTENSION.search(text)
    if match is None or _count_digits(text[: match.start()]) < MIN_DIGITS:
        return text, ""
    return text[: match.start()], match[1]


def _spellings(text: str) -> list[str]:
    """Possible numbers: `text`, with its last group as an extension, the first of several."""
    main, extension = _split_extension(text)
    suffix = f" ext. {extension}" if extension else ""
    spellings = [main + suffix]
    if not extension and LAST_GROUP.search(main):
        spellings.append(LAST_GROUP.sub(r" ext. \1", main))
    if MEXICAN_MOBILE.match(main):
        spellings.append(MEXICAN_MOBILE.sub(r"\1", main) + suffix)
    first = NEXT_NUMBER.split(main, maxsplit=1)[0]
    return spellings if first == main else [*spellings, *_spellings(first)]


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    international = "+" + PREFIX.sub("", text)
    if INTERNATIONAL.match(text):
        return _parse_strictly(international)
    national = _parse_strictly(text, region) if region else None
    if national and phonenumbers.is_valid_number(national):
        return national
    guessed = _parse_strictly(international)
    if guessed and phonenumbers.is_valid_number(guessed) and _has_country_code(text, guessed):
        return guessed
    return national


def _has_country_code(text: str, guessed: PhoneNumber) -> bool:
    """Whether the first group of digits is the country code, or the number is long enough."""
    groups = re.findall("[0-9]+", _split_extension(text)[0])
    return groups[0] == str(guessed.country_code) or (
        groups[0].startswith(str(guessed.country_code))
        and sum(map(len, groups)) >= MIN_DIGITS_WITH_COUNTRY_CODE
    )


def _parse_strictly(text: str, region: str | None = None) -> PhoneNumber | None:
    """The number by the rules of its country, without a trunk zero where there is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.italian_leading_zero and not phonenumbers.is_valid_number(number):
        without = PhoneNumber(number.country_code, number.national_number, number.extension)
        if phonenumbers.is_valid_number(without):
            return without
    return number


def _is_one_number(text: str) -> bool:
    return bool(ONE_NUMBER.fullmatch(text.strip())) and _count_digits(text) <= MAX_DIGITS


def _count_digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _format_e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
