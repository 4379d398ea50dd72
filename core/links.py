"""Finding dead links within the site.

Each app registers its pages in AppConfig.ready(), so that nothing here imports an app:
`links.register("news:article", Article.objects.published)`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, QuerySet
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation

from core.pages.models import Page
from core.richtext.cleaning import is_external_url

MAX_LINKS = 200
MAX_FILES = 20  # looked up in the storage, which may be slow
IGNORED_SCHEMES = ("mailto:", "tel:")

_published: dict[str, tuple[Callable[[], QuerySet], str]] = {}


def register(view_name: str, published: Callable[[], QuerySet], field: str = "slug") -> None:
    """Register the objects that have a page of `view_name`, whose one argument is `field`."""
    _published[view_name] = published, field


def dead_links(urls: Iterable[str], base: str) -> set[str]:
    """Return those of `urls` that point to a page or file of this site that does not exist.

    `urls` may be relative to the path `base`, and a page that is not published does not exist.
    External links are not checked. The number of database queries does not depend on the number
    of links: one for each kind of page, one for single pages, and one for redirects.
    """
    dead: set[str] = set()
    paths: dict[str, str] = {}
    values_by_view: dict[str, dict[str, Any]] = defaultdict(dict)
    files_left = MAX_FILES
    for url in list(dict.fromkeys(urls))[:MAX_LINKS]:
        if url.startswith(IGNORED_SCHEMES) or is_external_url(url):
            continue
        path = _path(url, base)
        if path == base:  # a draft may link to its own headings
            continue
        if path is None:
            dead.add(url)
        elif path.startswith(_media_path()):
            files_left -= 1
            if files_left >= 0 and not _file_exists(path):
                dead.add(url)
        else:
            paths[url] = path
            match = _resolve(path)
            # Any path may be that of a single page.
            if match is None or match.view_name == "page" or _is_admin_path(path):
                dead.add(url)
            elif match.view_name in _published:
                field = _published[match.view_name][1]
                values_by_view[match.view_name][url] = match.kwargs.get(field)
    for view_name, values in values_by_view.items():
        dead |= _unpublished(view_name, values)
    return dead - _single_pages_and_redirects({url: paths[url] for url in dead & paths.keys()})


def _path(url: str, base: str) -> str | None:
    """The path of `url`, or None if it is not valid."""
    if url in {"", "#"}:
        return None
    try:
        path = unquote(urlsplit(urljoin(base, url.removeprefix(settings.SITE_URL) or "/")).path)
    except ValueError:  # such as `//[`
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


def _is_admin_path(path: str) -> bool:
    return path.startswith(reverse("admin:index"))


def _media_path() -> str:
    return urlsplit(settings.MEDIA_URL).path or "/media/"


def _file_exists(path: str) -> bool:
    try:
        return default_storage.exists(path.removeprefix(_media_path()))
    except SuspiciousOperation:  # a path outside the storage
        return False


def _unpublished(view_name: str, values: dict[str, Any]) -> set[str]:
    published, field = _published[view_name]
    known = {
        value
        for value in values.values()
        if not isinstance(value, int) or value <= BigIntegerField.MAX_BIGINT
    }
    rows = published().filter(**{f"{field}__in": known}).order_by()
    found = set(map(str, rows.values_list(field, flat=True)))
    return {url for url, value in values.items() if str(value) not in found}


def _single_pages_and_redirects(paths: dict[str, str]) -> set[str]:
    """The URLs whose path is that of a single page or of a redirect."""
    if not paths:
        return set()
    variants = {path: _variants(path) for path in paths.values()}
    all_variants = set().union(*variants.values())
    page_paths = {variant.strip("/") for variant in all_variants}
    pages = Page.objects.published().filter(path__in=page_paths)
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=all_variants)
    found = {f"/{path}/" for path in pages.values_list("path", flat=True)}
    found |= set(redirects.exclude(new_path="").values_list("old_path", flat=True))
    return {url for url, path in paths.items() if variants[path] & found}


def _variants(path: str) -> set[str]:
    """`path` with and without its final slash, and both without the language."""
    language = translation.get_language_from_path(path)
    bare = path.removeprefix(f"/{language}") if language else path
    return {variant for url in (path, bare) for variant in (url, f"{url.rstrip('/')}/")}
