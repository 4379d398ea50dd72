"""Where what stood at an old address stands now."""

from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, unquote, urlsplit

from anyascii import anyascii
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.text import slugify

NUMBERS = ("p", "page_id", "attachment_id")
SLUG_LENGTH = 150  # so that a redirect's column holds the whole address
PAGE_LENGTH = 95
REDIRECT_LENGTH = 200


class Addresses:
    """The old site's addresses, each with the new one."""

    def __init__(self, site: str) -> None:
        parts = urlsplit(site)
        self.host = _host(parts.netloc)
        self.base = parts.path.rstrip("/")
        self.new: dict[str, str] = {}

    def add(self, old: Iterable[str], new: str) -> None:
        for address in old:
            if (key := self._key(address)) is not None:
                self.new.setdefault(key, new)

    def find(self, address: str) -> str | None:
        """The new address, with the `#part` of the old one; None where it is not known."""
        new = self.new.get(self._key(address) or "\0")
        part = urlsplit(address).fragment
        return f"{new}#{part}" if new and part else new

    def is_own(self, address: str) -> bool:
        """Whether `address` leads into the old site."""
        return self._key(address) is not None

    def _key(self, address: str) -> str | None:
        """By what an address is known, whatever its protocol, `www.` or closing slash."""
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        if parts.scheme not in {"", "http", "https"}:
            return None
        if parts.netloc:
            if _host(parts.netloc) != self.host:
                return None
        elif not parts.path.startswith("/"):
            return None
        query = parse_qs(parts.query)
        for name in NUMBERS:
            if name in query:
                return f"?{query[name][0]}"
        return unquote(parts.path).removeprefix(self.base).strip("/").lower()


def old_paths(addresses: Iterable[str]) -> list[str]:
    """The paths under which redirects are kept for these old addresses."""
    paths = []
    for address in addresses:
        parts = urlsplit(address)
        if parts.path.strip("/"):
            plain = f"{unquote(parts.path).rstrip('/')}/"
            encoded = escape_uri_path(plain)
            paths.append(encoded if len(encoded) <= REDIRECT_LENGTH else plain)
        elif parts.query:
            paths.append(f"/?{parts.query}")
    return list(dict.fromkeys(paths))


def latin(text: str) -> str:
    """`text`, which may be percent-encoded and in any script, as a slug."""
    return slugify(anyascii(unquote(text)))[:SLUG_LENGTH].strip("-")


def free(base: str, is_taken: Callable[[str], bool]) -> str:
    """`base`, or with the first number that is not taken: `pump-2`."""
    number, slug = 1, base
    while is_taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def page_path(link: str, base: str, slug: str) -> str:
    """Where a page should stand: at its old path, in Latin letters, without its slashes."""
    path = urlsplit(link).path.removeprefix(base)
    parts = [latin(part) for part in path.split("/") if part]
    path = "/".join(part for part in parts if part)
    return path if path and len(path) <= PAGE_LENGTH else slug[:PAGE_LENGTH]


def is_for_pages(path: str) -> bool:
    """Whether the site shows nothing of its own at `path`."""
    try:
        return resolve(path).url_name == "page"
    except Resolver404:
        return False


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
