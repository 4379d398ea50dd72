"""Fixtures for all tests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import imagekit  # noqa: F401 -- its settings would end with the test that first needs it
import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import translation
from post_office.connections import connections

from contacts.models.company import current_company
from contacts.models.current_absences import current_absences
from core.menus.entries import known_menus
from core.pages.queries import home_page
from core.proxies import was_noticed
from inquiries.forms.fields import kept_products
from inquiries.models.assignment_rule import active_rules
from inquiries.models.inquiry_settings import current_inquiry_settings
from tests.factories import BROWSER
from tests.imap_server import ImapServer
from tests.smtp_server import SmtpServer


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    was_noticed.clear()
    caches["fragments"].clear()
    for process_copy in (
        current_company,
        current_absences,
        current_inquiry_settings,
        active_rules,
        known_menus,
        kept_products,
        home_page,
    ):
        process_copy.clear()


@pytest.fixture(autouse=True)
def _default_language(settings):
    """Reset the language, which a page in another language leaves active in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Returns a function that sets the current time."""

    def set_now(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment.astimezone(UTC))

    return set_now


@pytest.fixture
def visitor() -> Client:
    """An anonymous visitor with a common browser."""
    return Client(headers={"User-Agent": BROWSER})


@pytest.fixture
def as_user():
    """Returns a function that returns a client logged in as `user`."""

    def logged_in(user) -> Client:
        client = Client(headers={"User-Agent": BROWSER})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[SmtpServer]:
    """A real SMTP server, to which the worker sends."""
    connections.close()
    with SmtpServer() as smtp_server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = smtp_server.host, smtp_server.port
        yield smtp_server
    connections.close()


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    """A real IMAP server with an empty mailbox, from which the site fetches."""
    with ImapServer() as server:
        yield server
