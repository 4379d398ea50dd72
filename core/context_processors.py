"""Languages and URLs for the templates of every page."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info


def languages(request: HttpRequest) -> dict[str, object]:
    """`site_url`, `canonical_url`, and `translations`: this page's URL in each language.

    On an error page `translations` has the URLs of the home page. It is computed only when a
    template uses it, because pages of the admin do not.
    """
    path = request.path if request.resolver_match else reverse("home")
    return {
        "canonical_url": settings.SITE_URL + path,
        "site_url": settings.SITE_URL,
        "translations": SimpleLazyObject(lambda: _translations(path)),
    }


def _translations(path: str) -> list[dict[str, str]]:
    return [
        {
            "code": code,
            "name": name,
            "dir": "rtl" if get_language_info(code)["bidi"] else "ltr",
            "url": translate_url(path, code),
        }
        for code, name in settings.LANGUAGES
    ]
