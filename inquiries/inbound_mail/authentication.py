"""Whether the sender of an e-mail is who it says, by the results of our own mail server.

The server that receives our mail checks SPF, DKIM and DMARC, and writes the results in the header
Authentication-Results (RFC 8601). Anyone can write such a header, so only those count that begin
with the name of our server, which removes forged ones.
"""

import re
from email.message import Message

from django.conf import settings

MAX_HEADERS = 10
MAX_LENGTH = 5000  # characters of a header
COMMENT = re.compile(r"\([^()]*\)")
# What a method has checked: the domain of the signature, or of the sender of the envelope.
DOMAIN = re.compile(r"\b(?:header\.d|header\.i|smtp\.mailfrom)=\"?(?:[^\s;@\"]*@)?([\w.-]+)")


def is_sender_verified(message: Message, sender: str) -> bool | None:
    """Whether our server says that `sender`, the address in From, is genuine; None if unknown.

    It is unknown if MAIL_SERVER_NAME is not set. A missing result is not genuine.
    """
    if not settings.MAIL_SERVER_NAME:
        return None
    domain = sender.rpartition("@")[2].lower().strip(".")
    headers = message.get_all("Authentication-Results", [])[:MAX_HEADERS]
    return bool(domain) and any(_verifies(str(header), domain) for header in headers)


def _verifies(header: str, domain: str) -> bool:
    name, _, results = COMMENT.sub("", header[:MAX_LENGTH]).partition(";")
    words = name.split()
    if not words or words[0].lower() != settings.MAIL_SERVER_NAME.lower():
        return False
    for result in results.lower().split(";"):
        method, _, value = result.strip().partition("=")
        outcome = value.split(maxsplit=1)[0] if value.split() else ""
        if outcome != "pass":
            continue
        if method.strip() == "dmarc":
            return True  # that the domains agree is what it checks
        if method.strip() in {"dkim", "spf"} and any(
            _is_aligned(found, domain) for found in DOMAIN.findall(value)
        ):
            return True
    return False


def _is_aligned(checked: str, domain: str) -> bool:
    """Whether one domain is the other or a part of it (RFC 7489, 3.1, relaxed)."""
    checked = checked.strip(".")
    return (
        checked == domain
        or (domain.endswith(f".{checked}") and "." in checked)
        or checked.endswith(f".{domain}")
    )
