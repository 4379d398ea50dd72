"""What every page needs to know of languages and addresses."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info


def languages(request: HttpRequest) -> dict[str, object]:
    """`canonical_url`, and `translations`: this page's address in each language of the site.

    An address where nothing is has no translation: there the home page stands in. Addresses are
    looked up when a page uses them, which the admin's do not.
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
