"""Languages, URLs and the version of the content for the templates of every page."""

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info, override

from core.page_cache.versions import EVERY_PAGE, settled_version
from core.page_urls import page_url


def languages(request: HttpRequest) -> dict[str, object]:
    """`site_url`, `canonical_url`, and `translations`: this page's URL in each language.

    On an error page `translations` has the URLs of the home page. It is computed only when a
    template uses it, because pages of the admin do not.
    """
    path = request.path if request.resolver_match else page_url("home")
    return {
        "canonical_url": settings.SITE_URL + path,
        "site_url": settings.SITE_URL,
        "translations": SimpleLazyObject(lambda: _translations(request)),
    }


def site_version(request: HttpRequest) -> dict[str, object]:
    """`site_version`, which changes with what every page shows, for `{% cache %}`.

    A part that has not been committed yet is rendered each time.
    """
    return {"site_version": SimpleLazyObject(_site_version)}


def cookie_names(request: HttpRequest) -> dict[str, object]:
    """The names of the cookies that scripts read."""
    return {
        "basket_cookie": settings.BASKET_COOKIE_NAME,
        "comparison_cookie": settings.COMPARISON_COOKIE_NAME,
        "saved_draft_cookie": settings.SAVED_DRAFT_COOKIE_NAME,
    }


def _site_version() -> str:
    version = settled_version(EVERY_PAGE)
    return secrets.token_hex(8) if version is None else str(version)


def _translations(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {
            "code": code,
            "name": name,
            "dir": "rtl" if get_language_info(code)["bidi"] else "ltr",
            "url": _url_in(code, request),
        }
        for code, name in settings.LANGUAGES
    ]


def _url_in(language: str, request: HttpRequest) -> str:
    """The URL of this page in a language, or of the home page for an error page."""
    match = request.resolver_match
    if match is None:
        return page_url("home", language=language)
    try:
        if match.args or match.kwargs.keys() - {"slug"}:
            with override(language):
                return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        return page_url(match.view_name, match.kwargs.get("slug", ""), language)
    except NoReverseMatch:
        return request.path
