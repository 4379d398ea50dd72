"""Counting visitors with another company's program: off by default, and only with consent."""

from typing import NamedTuple, Protocol

from django.conf import settings
from django.db import models
from django.http import HttpRequest

from core.current_request import token_in_url


class Provider(models.TextChoices):
    """The providers that are known; each needs nothing but an id."""

    PLAUSIBLE = "plausible", "Plausible"
    GOOGLE = "google", "Google Analytics"
    MATOMO = "matomo", "Matomo Cloud"
    UMAMI = "umami", "Umami Cloud"
    BAIDU = "baidu", "百度统计"


class Program(NamedTuple):
    """Where the program of a provider is, and the hosts that it sends to; `{}` is the id."""

    script: str
    hosts: tuple[str, ...]


PROGRAMS = {
    Provider.PLAUSIBLE: Program("https://plausible.io/js/script.js", ("https://plausible.io",)),
    Provider.GOOGLE: Program(
        "https://www.googletagmanager.com/gtag/js?id={}",
        (
            "https://www.googletagmanager.com",
            "https://*.google-analytics.com",
            "https://*.analytics.google.com",
        ),
    ),
    # The id is the host of the customer's account.
    Provider.MATOMO: Program(
        "https://cdn.matomo.cloud/{}/matomo.js", ("https://cdn.matomo.cloud", "https://{}")
    ),
    Provider.UMAMI: Program(
        "https://cloud.umami.is/script.js",
        ("https://cloud.umami.is", "https://api-gateway.umami.dev"),
    ),
    Provider.BAIDU: Program("https://hm.baidu.com/hm.js?{}", ("https://hm.baidu.com",)),
}


class Analytics(NamedTuple):
    """The program that a company has chosen, with the id of its site."""

    provider: Provider
    site: str

    @property
    def script(self) -> str:
        """The URL of the program."""
        return PROGRAMS[self.provider].script.format(self.site)

    @property
    def security_policy(self) -> dict[str, list[str]]:
        """What pages must allow for it, by directive of the Content Security Policy."""
        hosts = [host.format(self.site) for host in PROGRAMS[self.provider].hosts]
        return {"script-src": hosts, "connect-src": hosts, "img-src": hosts}


class HasAnalytics(Protocol):
    """A company, whose module needs this one."""

    @property
    def analytics(self) -> Analytics | None: ...


def find_analytics(request: HttpRequest, company: HasAnalytics) -> Analytics | None:
    """What counts the visitors of this page; nothing does in the admin.

    Nor on a page whose URL has a token, which the provider must not learn.
    """
    if company.analytics is None or request.path_info.startswith(f"/{settings.ADMIN_PATH}/"):
        return None
    return None if token_in_url(request) else company.analytics
