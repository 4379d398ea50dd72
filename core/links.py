"""Which links within the site lead nowhere.

Each app says in its AppConfig.ready() what may be read at its addresses:
`links.register("news:article", Article.objects.published)`. So nobody here imports an app.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation

from core.richtext.cleaning import is_external_url

MOST = 200  # links that are looked at
MOST_FILES = 20  # files that the storage, which may be far away, is asked for
LARGEST = 2**63 - 1  # number that a database knows
ELSEWHERE = ("mailto:", "tel:")

_published: dict[str, tuple[Callable[[], QuerySet], str]] = {}


def register(view_name: str, published: Callable[[], QuerySet], field: str = "slug") -> None:
    """Say what may be read at the addresses of `view_name`, whose one argument is `field`."""
    _published[view_name] = published, field


def dead_links(addresses: Iterable[str], base: str) -> set[str]:
    """Those of `addresses` that a visitor on the page `base` cannot follow within this site.

    Links that lead outside are not followed. However many links there are, the database is asked
    once for each kind of page, once for pages that stand free, and once for redirects.
    """
    dead: set[str] = set()
    paths: dict[str, str] = {}
    wanted: dict[str, dict[str, Any]] = defaultdict(dict)
    files_left = MOST_FILES
    for address in list(dict.fromkeys(addresses))[:MOST]:
        if address.startswith(ELSEWHERE) or is_external_url(address):
            continue
        path = _path(address, base)
        if path == base:  # a draft may lead to a place within itself
            continue
        if path is None:
            dead.add(address)
        elif path.startswith(_media_path()):
            files_left -= 1
            if files_left >= 0 and not _file_exists(path):
                dead.add(address)
        else:
            paths[address] = path
            match = _resolve(path)
            # Any path at all may be that of a free-standing page.
            if match is None or match.view_name == "page" or _is_for_staff(path):
                dead.add(address)
            elif match.view_name in _published:
                field = _published[match.view_name][1]
                wanted[match.view_name][address] = match.kwargs.get(field)
    for view_name, values in wanted.items():
        dead |= _unpublished(view_name, values)
    return dead - _found_otherwise({address: paths[address] for address in dead & paths.keys()})


def _path(address: str, base: str) -> str | None:
    """The path that `address` leads to, or None where it leads nowhere."""
    if address in {"", "#"}:
        return None
    try:
        path = unquote(urlsplit(urljoin(base, address.removeprefix(settings.SITE_URL) or "/")).path)
    except ValueError:  # as `//[` is no address
        return None
    return None if "\0" in path else path or "/"


def _resolve(path: str) -> ResolverMatch | None:
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        for candidate in (path, f"{path}/"):  # CommonMiddleware adds a slash that is missing
            try:
                return resolve(candidate)
            except Resolver404:
                continue
    return None


def _is_for_staff(path: str) -> bool:
    return path.startswith(reverse("admin:index"))


def _media_path() -> str:
    return urlsplit(settings.MEDIA_URL).path or "/media/"


def _file_exists(path: str) -> bool:
    try:
        return default_storage.exists(path.removeprefix(_media_path()))
    except SuspiciousOperation:  # a path that climbs out of the storage
        return False


def _unpublished(view_name: str, values: dict[str, Any]) -> set[str]:
    published, field = _published[view_name]
    known = {value for value in values.values() if not isinstance(value, int) or value <= LARGEST}
    rows = published().filter(**{f"{field}__in": known}).order_by()
    there = set(map(str, rows.values_list(field, flat=True)))
    return {address for address, value in values.items() if str(value) not in there}


def _found_otherwise(paths: dict[str, str]) -> set[str]:
    """The addresses whose path is that of a free-standing page, or that lead on elsewhere."""
    if not paths:
        return set()
    spellings = {path: _spellings(path) for path in paths.values()}
    every = set().union(*spellings.values())
    pages = FlatPage.objects.filter(sites=settings.SITE_ID, url__in=every)
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=every)
    found = set(pages.values_list("url", flat=True))
    found |= set(redirects.exclude(new_path="").values_list("old_path", flat=True))
    return {address for address, path in paths.items() if spellings[path] & found}


def _spellings(path: str) -> set[str]:
    """`path` with and without its closing slash, and the same for all languages."""
    language = translation.get_language_from_path(path)
    bare = path.removeprefix(f"/{language}") if language else path
    return {spelling for one in (path, bare) for spelling in (one, f"{one.rstrip('/')}/")}
