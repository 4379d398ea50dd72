"""Correct and validate e-mail addresses that people type or paste."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.text.normalizing import to_plain_characters

MAX_LENGTH = 400  # characters; longer texts are not corrected
# Top-level domains that do not exist, and the ones that were probably meant.
MISTYPED_ENDINGS = {
    **dict.fromkeys(["con", "cmo", "ocm", "comm", "coom", "vom", "xom", "cpm", "cim"], "com"),
    **dict.fromkeys(["nte", "ner", "met"], "net"),
}

# As in `E-mail: `, `mailto:`, `1. ` and `• `.
LABEL = re.compile(
    r"^(?:[^@:]{1,40}:\s+|[^\w@]+\s+|[0-9]{1,2}[.)]\s+"
    r"|(?:e-?mail|mail|mailto|address|邮箱|电子邮件|邮件|البريد(?: الإلكتروني)?|إيميل|почта)"
    r"\s*[:=]+\s*)+",
    re.IGNORECASE,
)
IN_ANGLE_BRACKETS = re.compile(r"<\s*([^<>\s@]+\s*@[^<>@]+?)\s*>")
QUERY = re.compile(r"(@[^?\s]+)\?.*$")
PUNCTUATION = " \t\r\n.,;:!?\"'`´<>()[]{}*|\\/،؛؟、»«“”„‟‘’‚‛‹›「」『』【】《》〈〉〔〕…"
ENDING = re.compile(r"[^\w@]+$")
SPACE_AROUND_AT = re.compile(r"\s*@\s*")
WORD_FOR_AT = re.compile(r"\s*(?:[(\[{<]\s*(?:at|a|@)\s*[)\]}>]|\sat\s|%40)\s*", re.IGNORECASE)
WORD_FOR_DOT = re.compile(r"\s*(?:[(\[{<]\s*dot\s*[)\]}>]|\sdot\s)\s*", re.IGNORECASE)
COMMENT = re.compile(r"\s*\([^)]*\)?$")
ADDRESS_IN_TEXT = re.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,5}[\w-]{2,63}")


def normalize_email(typed: str) -> str:
    """`typed` without everything that is certainly not part of the e-mail address.

    Removes invisible characters, labels such as `mailto:`, a name before the address in angle
    brackets, surrounding brackets, quotes and punctuation, and spaces around the `@`. Full-width
    characters are converted to ASCII.
    """
    if len(typed) > MAX_LENGTH:
        return typed.strip()
    text = to_plain_characters(typed).replace("\u3002", ".")
    if text.count("@") == 1 and (match := IN_ANGLE_BRACKETS.search(text)):
        text = match[1]
    found = ADDRESS_IN_TEXT.findall(text)
    if len(found) == text.count("@") > 1 and len(set(found)) == 1:
        text = found[0]  # as in ann@example.com<mailto:ann@example.com>
    text = LABEL.sub("", text.strip(PUNCTUATION)).strip(PUNCTUATION)
    text = SPACE_AROUND_AT.sub("@", QUERY.sub(r"\1", text))
    return ENDING.sub("", text)


def validate_deliverable(address: str) -> None:
    """Raise ValidationError if a normalized `address` certainly cannot receive mail."""
    validate_email(address)
    domain = address.rpartition("@")[2]
    is_domain = "." in domain and all(_is_in_domain(character) for character in domain)
    if not is_domain or _mistyped_ending(domain):
        raise ValidationError(validate_email.message, code="invalid")


def mailbox_of(address: str) -> str:
    """The mailbox that an address delivers to, as far as its spelling tells; for counting only.

    In lower case, without a `+tag` (RFC 5233), and without the dots that Gmail ignores.
    """
    name, _, domain = address.strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in {"gmail.com", "googlemail.com"}:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def suggest_email(typed: str) -> str:
    """The address that was probably meant by one that is not valid; empty if there is none."""
    text = normalize_email(typed)
    if len(text) > MAX_LENGTH:
        return ""
    several = text.count("@") > 1 and "@@" not in text
    addresses = ADDRESS_IN_TEXT.findall(text) if several else _repair(text)
    return next(filter(_is_deliverable, addresses), "")


def _repair(text: str) -> list[str]:
    """The address without common typing errors, as a list; empty without an `@`."""
    text = WORD_FOR_DOT.sub(".", WORD_FOR_AT.sub("@", text))
    name, at, domain = re.sub("@+", "@", text).partition("@")
    if not at:
        return []
    name = re.sub(r"\.+", ".", re.split("[:/]", name)[-1]).strip(".")
    domain = re.sub(r"[.,;:·•、،؛\s]+", ".", COMMENT.sub("", domain)).strip(".")
    if ending := _mistyped_ending(domain):
        domain = f"{domain.rpartition('.')[0]}.{ending}"
    return [f"{name}@{domain}"]


def _mistyped_ending(domain: str) -> str:
    """The top-level domain that was probably meant; empty if this one is not in the list."""
    return MISTYPED_ENDINGS.get(domain.rpartition(".")[2].lower(), "")


def _is_deliverable(address: str) -> bool:
    try:
        validate_deliverable(address)
    except ValidationError:
        return False
    return True


def _is_in_domain(character: str) -> bool:
    return character in ".-" or character.isalnum() or unicodedata.category(character)[0] == "M"
