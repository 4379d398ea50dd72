"""Drives Chromium against a live server. Any unexpected browser error fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from demo.loader import load_demo
from tests.browser.browser_errors import BrowserErrors
from tests.browser.helpers import log_in
from tests.factories import make_user

TIMEOUT = 20_000  # milliseconds, enough for a busy machine
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        reason = "No Chromium was found. Install it, or name it in CHROMIUM."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright runs an event loop in this thread. Django then refuses the database unless allowed,
    # and opens another connection, which needs the migrated data for its rollback as well.
    migrated = connection._test_serialized_contents
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        expect.set_options(timeout=TIMEOUT)
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        connection._test_serialized_contents = migrated
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def live_server() -> Iterator[LiveServer]:
    """A running site. pytest-django's own fixture does not serve the static files."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = StaticFilesHandler
    server.start()
    yield server
    server.stop()


@pytest.fixture
def site(live_server: LiveServer, django_db_serialized_rollback: None, settings: Any) -> str:
    """The URL of a running site with the data of the migrations."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture(scope="package")
def demo_rows() -> dict[str, str]:
    return {}


@pytest.fixture
def demo(site: str, demo_rows: dict[str, str]) -> None:
    """The demo company. It is loaded once, which is slow, and restored for each test."""
    creation = connection.creation
    if "rows" not in demo_rows:
        load_demo("demo")
        demo_rows["rows"] = creation.serialize_db_to_string()
    else:
        creation.deserialize_db_from_string(demo_rows["rows"])


@pytest.fixture
def browser_errors(site: str) -> Iterator[BrowserErrors]:
    browser_errors = BrowserErrors(site)
    yield browser_errors
    assert not browser_errors.unexpected


@pytest.fixture
def open_browser(
    browser: Browser, site: str, browser_errors: BrowserErrors
) -> Iterator[Callable[..., Page]]:
    """Opens a page in a new browser context, without a session, at each call."""
    contexts = []

    def open_page(width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            # Without the word Headless, which the site treats as a crawler.
            user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{browser.version} Safari/537.36",
            **options,
        )
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        browser_errors.follow(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def open_admin(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the admin, logged in with a new account of the given role."""

    def open_page(role: str, **options: Any) -> Page:
        page = open_browser(**options)
        log_in(page, make_user(role).username)
        return page

    return open_page
