"""Redirects from the URLs that an imported WordPress site had beside those of its posts."""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.urls import Resolver404, ResolverMatch, resolve, reverse, translate_url
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import escape_uri_path

from core.pages.models import Page
from core.pages.redirects import redirect_target
from news.archive import Month
from news.models import Article, Category, ImportedItem, Tag
from news.wordpress.pictures import LAST_DOT, SIZE_SUFFIX
from news.wordpress.url_map import TERM_PARAMETERS, id_parameter

# What WordPress adds to the URL of a post, a category or an author.
ENDING = re.compile(
    r"/(?:(feed)(?:/(?:rss2?|rdf|atom))?|amp|embed|trackback|(?:comment-page-|page/)?\d{1,5})/?$"
)
FRONT_FEED = re.compile(r"/(?:comments/)?feed(?:/(?:rss2?|rdf|(atom)))?/?")
FRONT_PAGE = re.compile(r"/(?:amp|embed)/?")
AUTHOR = re.compile(r"/author/[^/]+(?:/(feed)\b.*|/.*)?")
ARCHIVE = re.compile(r"/(?:page/\d+|(\d{4})(?:/(\d\d))?(?:/\d\d)?(?:/page/\d+)?)/?")
MAX_ENDINGS = 3
# Parameters that mean nothing here; others, such as `utm_source`, are preserved.
WORDPRESS_PARAMETERS = {
    "amp", "attachment_id", "author", "cat", "feed", "p", "page_id", "paged", "post_type",
    "preview", "preview_id", "preview_nonce", "replytocom", "share", "tag",
}  # fmt: skip


class WordPressRedirectMiddleware(MiddlewareMixin):
    """Redirects old URLs that need more than a look at the redirects, in one step.

    They are short URLs (`/?p=12`), paths that are not ASCII, which WordPress writes
    percent-encoded, the feeds, AMP pages and comment pages of a post, smaller copies of a picture,
    and archives. Each may have the prefix of a language. Nothing redirects without an import.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Redirect a short URL, which would otherwise show the home page."""
        is_short = id_parameter(request.GET) or not {"feed", "author"}.isdisjoint(request.GET)
        if not is_short or request.method not in {"GET", "HEAD"}:
            return None
        language, path = _split_language(request.path_info)
        front = path.removesuffix("index.php").rstrip("/")
        if front and front not in _old_folders():
            return None
        target = _translate(redirect_target(list(_short_urls(request.GET))), language)
        if not target and not id_parameter(request.GET) and ImportedItem.objects.exists():
            target = reverse("news:feed" if "feed" in request.GET else "news:list")
        return _redirect(request, target)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_read = request.method in {"GET", "HEAD"}
        if response.status_code != 404 or not is_read or "\0" in request.path_info:
            return response
        language, path = _split_language(request.path_info)
        target = _find_exact(request.path_info) or (
            _translate(_find_exact(path), language)
            or _find_archive(path)
            or _translate(_find_by_ending(path), language)
        )
        return _redirect(request, target) or response


def _redirect(request: HttpRequest, target: str) -> HttpResponseBase | None:
    """A redirect to `target`, unless that is empty or would be a loop."""
    if not target or urlsplit(target).path in {request.path, escape_uri_path(request.path)}:
        return None
    kept = [
        (key, request.GET.getlist(key)) for key in request.GET if key not in WORDPRESS_PARAMETERS
    ]
    is_file = target.startswith(settings.MEDIA_URL)
    query = "" if is_file else urlencode(kept, doseq=True)
    return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)


def _split_language(path: str) -> tuple[str, str]:
    """The language in the prefix of `path`, or an empty string, and the path without it."""
    language = translation.get_language_from_path(path) or ""
    return language, path.removeprefix(f"/{language}") if language else path


def _translate(target: str, language: str) -> str:
    """`target`, if it is a page of this site, in `language`."""
    if not target or not language:
        return target
    own_language = translation.get_language_from_path(target) or settings.LANGUAGE_CODE
    with translation.override(own_language):
        return translate_url(target, language)


def _short_urls(query: QueryDict) -> Iterator[str]:
    for name, value in query.items():
        if isinstance(value, str) and (value.isdecimal() or name in TERM_PARAMETERS):
            yield f"/?{name}={value}"


def _without_endings(path: str) -> Iterator[tuple[str, bool]]:
    """`path` without one, two and three endings, and whether a feed was among them."""
    is_feed = False
    for _ending in range(MAX_ENDINGS):
        found = ENDING.search(path)
        if found is None:
            return
        is_feed = is_feed or bool(found[1])
        path = f"{path[: found.start()]}/"
        yield path, is_feed


def _find_exact(path: str) -> str:
    """The new URL of the page or file that was at `path`; empty if it is not known."""
    if target := redirect_target(_spellings(path)):
        return target
    if "/wp-content/" not in path and "/files/" not in path:
        return ""
    original = SIZE_SUFFIX.sub("", path)
    scaled = LAST_DOT.sub("-scaled", original)
    for name in (original, original.replace("-scaled.", "."), scaled):
        if target := redirect_target([name, escape_uri_path(name)]):
            return target
    return ""


def _find_by_ending(path: str) -> str:
    """The page that `path` belongs to, as a feed, AMP page or page of comments."""
    for shorter, is_feed in _without_endings(path):
        if shorter == "/":
            return ""
        target = redirect_target(_spellings(shorter))
        if not target and _was_imported(shorter):
            target = shorter  # its path did not change
        if target:
            match = _resolve(target)
            has_feed = is_feed and match and match.view_name == "news:category"
            return f"{target}feed/" if has_feed else target
    return ""


def _spellings(path: str) -> list[str]:
    """The ways in which a redirect may write `path`."""
    plain = path.rstrip("/")
    return list(dict.fromkeys(f(p) for p in (f"{plain}/", plain) for f in (escape_uri_path, str)))


def _was_imported(path: str) -> bool:
    """Whether there is an imported page at `path`, or a category or tag of an imported site."""
    match = _resolve(path)
    if match is None:
        return False
    slug = match.kwargs.get("slug")
    if match.view_name == "news:article":
        return ImportedItem.objects.filter(article__slug=slug).exists()
    if match.view_name == "page":
        page = Page.objects.published().filter(path=path.strip("/"))
        return ImportedItem.objects.filter(page__in=page).exists()
    if match.view_name == "news:category":
        return Category.objects.filter(slug=slug).exists() and ImportedItem.objects.exists()
    if match.view_name == "news:tag":
        return Tag.objects.filter(slug=slug).exists() and ImportedItem.objects.exists()
    return False


def _resolve(path: str) -> ResolverMatch | None:
    try:
        with translation.override(
            translation.get_language_from_path(path) or settings.LANGUAGE_CODE
        ):
            return resolve(path)
    except Resolver404:
        return None


def _find_archive(path: str) -> str:
    """The page in place of the feed, an author's page or an archive of an imported site."""
    if not any(pattern.search(path) for pattern in (FRONT_FEED, FRONT_PAGE, AUTHOR, ARCHIVE)):
        return ""
    for folder in _old_folders():
        rest = path.removeprefix(folder)
        if not path.startswith(f"{folder}/"):
            continue
        if feed := FRONT_FEED.fullmatch(rest):
            return reverse("news:feed-atom" if feed[1] else "news:feed")
        if author := AUTHOR.fullmatch(rest):
            return reverse("news:feed" if author[1] else "news:list")
        if archive := ARCHIVE.fullmatch(rest):
            return _month_path(archive[1], archive[2])
        if FRONT_PAGE.fullmatch(rest):
            return reverse("news:list" if folder else "home")
    return ""


def _month_path(year: str | None, month: str | None) -> str:
    """The archive of that month, or the list of articles if there is none."""
    if year and month:
        with suppress(ValueError):
            of_month = Article.objects.published().published_in(Month(int(year), int(month)))
            if of_month.exists():
                return reverse("news:month", args=[int(year), int(month)])
    return reverse("news:list")


def _old_folders() -> list[str]:
    """The folders of the imported sites, such as `/blog`; empty for one without a folder."""
    sources = ImportedItem.objects.order_by().values_list("source", flat=True).distinct()
    folders = (source.partition("/") for source in sources)
    return sorted({f"{slash}{folder}" for _host, slash, folder in folders}, key=len, reverse=True)
