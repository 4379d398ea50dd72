"""What every test may ask for."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tests.world import BROWSER


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _first_language(settings):
    """A page in another language leaves that language behind in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


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
