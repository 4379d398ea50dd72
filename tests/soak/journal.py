"""What people asked of the site and what it answered."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from statistics import quantiles
from typing import NamedTuple


class SiteError(HTTPException):
    """The site answered with an error of its own."""


class Failure(NamedTuple):
    """A request without an answer, or with an error of the site; times are seconds of the epoch."""

    started: float
    ended: float
    what: str


@dataclass
class Journal:
    """The requests of all people, who are threads. `problems` are what must never happen."""

    requests: list[str] = field(default_factory=list)  # who sent each
    durations: list[float] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def request(self, person: str, method: str, path: str) -> Iterator[None]:
        """Record a request, which fails by raising OSError or HTTPException."""
        started = time.time()
        try:
            yield
        except (OSError, HTTPException) as error:
            what = f"{person}: {method} {path}: {error!r}"
            self.failures.append(Failure(started, time.time(), what))
            raise
        finally:
            self.requests.append(person)
            self.durations.append(time.time() - started)

    def check_error_page(self, method: str, path: str, page: str, typed: str = "") -> None:
        """An error page is in the language of its URL, and has what was typed to send it again."""
        language = re.match(r"/(ar|zh-hans)/", path)
        if f'<html lang="{language[1] if language else "en"}"' not in page:
            self.problems.append(f"{method} {path}: an error in another language: {page[:500]}")
        if typed and typed not in page:
            self.problems.append(f"{method} {path}: an error without what was typed: {page[:500]}")

    def slowest(self, percent: int) -> float:
        """The seconds within which all but the slowest requests were answered."""
        return quantiles(self.durations, n=100)[percent - 1]
