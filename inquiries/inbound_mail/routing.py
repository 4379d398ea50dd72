"""Where an e-mail was sent, and what the servers on its way have noted in its headers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message

EMAIL = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[^\s<>()\[\],;:\"'@]{1,250}")
# Servers add the recipient of the envelope, for example for a blind copy.
RECIPIENT_HEADERS = {
    "to",
    "cc",
    "resent-to",
    "resent-cc",
    "delivered-to",
    "envelope-to",
    "x-envelope-to",
    "x-original-to",
    "x-delivered-to",
    "x-forwarded-to",
}
LIST_HEADERS = {"list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list"}
SPAM_HEADERS = {"x-spam", "x-spam-flag", "x-spam-status", "x-mailgun-sflag"}
READ_HEADERS = RECIPIENT_HEADERS | LIST_HEADERS | SPAM_HEADERS | {"reply-to"}
MAX_LENGTH = 200_000  # characters of these headers together


@dataclass(frozen=True)
class Routing:
    """The addresses of an e-mail besides its sender, in lower case.

    `reply_to` is empty unless the header has exactly one address. `list_headers` are the values of
    the headers that mailing lists and newsletters add.
    """

    recipients: frozenset[str] = frozenset()
    reply_to: str = ""
    list_headers: str = ""
    is_marked_as_spam: bool = False

    def has_recipient(self, emails: Iterable[str]) -> bool:
        """Whether it was sent to one of these addresses, with or without a `+tag`."""
        return not self.recipients.isdisjoint(map(_without_tag, emails))

    def is_from_list(self, own: Iterable[str]) -> bool:
        """Whether a mailing list or a newsletter sent it.

        A list with one of our own addresses (`own`) is not one: companies use a group, such as
        those of Google, as their inquiry address.
        """
        names = {form for email in own for form in (email.lower(), email.lower().replace("@", "."))}
        return bool(self.list_headers) and not any(name in self.list_headers for name in names)


def read_routing(message: Message) -> Routing:
    """Read the headers of a message."""
    recipients: set[str] = set()
    reply_to: set[str] = set()
    list_headers: list[str] = []
    is_marked_as_spam = False
    room = MAX_LENGTH
    for name, value in message.raw_items():
        name = name.lower()
        if name not in READ_HEADERS:
            continue
        text = str(value)[:room].lower()
        room -= len(text)
        if name in RECIPIENT_HEADERS:
            recipients.update(map(_without_tag, EMAIL.findall(text)))
        elif name == "reply-to":
            reply_to.update(EMAIL.findall(text))
        elif name in LIST_HEADERS:
            list_headers.append(text)
        else:
            is_marked_as_spam = is_marked_as_spam or text.strip().startswith("yes")
    return Routing(
        recipients=frozenset(recipients),
        reply_to=reply_to.pop() if len(reply_to) == 1 else "",
        list_headers="\n".join(list_headers),
        is_marked_as_spam=is_marked_as_spam,
    )


def _without_tag(email: str) -> str:
    """`sales+fair@example.com` as `sales@example.com` (RFC 5233)."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.split('+')[0] or local}@{domain}"
