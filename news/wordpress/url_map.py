"""Maps the URLs of the old site to the paths of this site."""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from anyascii import anyascii
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.text import slugify

TERM_PARAMETERS = ("cat", "tag")
ID_PARAMETERS = ("p", "page_id", "attachment_id", *TERM_PARAMETERS)
REPEATED_SLASH = re.compile("/{2,}")
MAX_SLUG_LENGTH = 150  # so that the whole path fits the column of a redirect
MAX_PAGE_PATH_LENGTH = 95
MAX_REDIRECT_LENGTH = 200


class UrlMap:
    """Maps URLs of the old site at `site_url` to paths of this site."""

    def __init__(self, site_url: str) -> None:
        parts = urlsplit(site_url)
        self.host = _normalize_host(parts.netloc)
        self.base_path = parts.path.rstrip("/")
        self.paths: dict[str, str] = {}

    def add(self, old_urls: Iterable[str], path: str) -> None:
        """Map these URLs to `path`, unless they are mapped already."""
        for url in old_urls:
            if (key := self._key(url)) is not None:
                self.paths.setdefault(key, path)

    def find(self, url: str) -> str | None:
        """The new path, with the fragment of the old URL; None for an unknown URL."""
        path = self.paths.get(self._key(url) or "\0")
        fragment = urlsplit(url).fragment
        return f"{path}#{fragment}" if path and fragment else path

    def is_internal(self, url: str) -> bool:
        """Whether `url` is one of the old site."""
        return self._key(url) is not None

    def _key(self, url: str) -> str | None:
        """The part that identifies a page, without scheme, `www.` and trailing slash.

        None for a URL of another site.
        """
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return None
        if parts.scheme not in {"", "http", "https"}:
            return None
        if parts.netloc:
            if _normalize_host(parts.netloc) != self.host:
                return None
        elif not parts.path.startswith("/"):
            return None
        query = parse_qs(parts.query)
        if name := id_parameter(query):
            return f"?{name if name in TERM_PARAMETERS else 'p'}={query[name][0]}"
        path = unquote(parts.path)
        if not f"{path}/".startswith(f"{self.base_path}/"):
            return None
        path = path.removeprefix(self.base_path)
        return REPEATED_SLASH.sub("/", path).strip("/").lower()


def id_parameter(query: Mapping[str, object]) -> str:
    """The parameter of a short URL such as `/?p=12`; empty for other URLs."""
    return next((name for name in ID_PARAMETERS if name in query), "")


def redirect_paths(old_urls: Iterable[str], *, is_file: bool = False) -> list[str]:
    """The paths on this site that need a redirect for these old URLs."""
    paths = []
    for url in old_urls:
        try:
            parts = urlsplit(url)
        except ValueError:  # such as `http://[`
            continue
        query = parse_qs(parts.query)
        if name := id_parameter(query):
            # Without the folder of the site, which the middleware removes from a request as well.
            paths.append(f"/?{name}={query[name][0]}")
        elif parts.path.strip("/"):
            path = REPEATED_SLASH.sub("/", unquote(parts.path))
            paths.append(encode_path(path if is_file else f"{path.rstrip('/')}/"))
    return list(dict.fromkeys(paths))


def encode_path(path: str) -> str:
    """`path` as browsers send it, unless that is too long for a redirect."""
    encoded = escape_uri_path(path)
    return encoded if len(encoded) <= MAX_REDIRECT_LENGTH else path


def latin_slug(text: str) -> str:
    """A slug in Latin letters of `text`, which may be percent-encoded and in any script."""
    return slugify(anyascii(unquote(text)))[:MAX_SLUG_LENGTH].strip("-")


def first_free(base: str, is_taken: Callable[[str], bool]) -> str:
    """`base`, or `base` with the first number that is not taken: `pump-2`."""
    number, candidate = 1, base
    while is_taken(candidate):
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def page_path(old_url: str, base_path: str, slug: str) -> str:
    """The old path of a page in Latin letters, without outer slashes; `slug` if it is too long."""
    path = urlsplit(old_url).path.removeprefix(base_path)
    parts = [latin_slug(part) for part in path.split("/") if part]
    path = "/".join(part for part in parts if part)
    return path if path and len(path) <= MAX_PAGE_PATH_LENGTH else slug[:MAX_PAGE_PATH_LENGTH]


def is_free_for_pages(path: str) -> bool:
    """Whether a page can have this `path`, because no view of the site has it."""
    try:
        return resolve(path).url_name == "page"
    except Resolver404:
        return False


def is_free_for_redirects(path: str) -> bool:
    """Whether a redirect can have this `path`, because no view of the site has it."""
    try:
        return resolve(path).url_name == "page"
    except Resolver404:
        return True


def _normalize_host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
