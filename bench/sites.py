"""What is measured: sites, and the pages that each of them has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bench.servers import Server

TRADEPOST = "Tradepost"
UNCACHED = "Tradepost, nothing cached"
WAGTAIL = "Wagtail"
CONSTANT = "constant Django view"
CONSTANT_WITH_MIDDLEWARE = "constant Django view with middleware"
NGINX = "file behind nginx"

# Seconds that a page is loaded: rendered ones answer slowly enough for a short time to be exact.
SECONDS = 5
SECONDS_RENDERED = 3


class Page(NamedTuple):
    path: str
    text: str  # what the right page contains


@dataclass(frozen=True)
class Site:
    """A running site."""

    name: str
    server: Server
    pages: Mapping[str, Page]
    storage: str = ""
    seconds: int = SECONDS
    is_counted: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}, {self.storage}" if self.storage else self.name

    def url(self, page: str) -> str:
        return self.server.url + self.pages[page].path
