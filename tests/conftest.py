"""What every test may ask for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from post_office.connections import connections

from tests.imap import ImapMailbox
from tests.mailbox import Mailbox
from tests.world import BROWSER


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _first_language(settings):
    """A page in another language leaves that language behind in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock to a moment."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment.astimezone(UTC))

    return set_clock


@pytest.fixture
def reader() -> Client:
    """An anonymous visitor with a browser that people use."""
    return Client(headers={"User-Agent": BROWSER})


@pytest.fixture
def as_user():
    """A browser in which the given account is logged in."""

    def logged_in(user) -> Client:
        client = Client(headers={"User-Agent": BROWSER})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real SMTP server, to which the worker delivers."""
    connections.close()
    with Mailbox() as mailbox:
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        yield mailbox
    connections.close()


@pytest.fixture
def imap_mailbox() -> Iterator[ImapMailbox]:
    """A real IMAP server with an empty mailbox, from which the site fetches."""
    with ImapMailbox() as mailbox:
        yield mailbox
