"""A real browser at a running site. Whatever the browser complains of fails the test."""

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

from demo import loading
from tests.browser.steps import log_in
from tests.browser.watch import Watch
from tests.world import make_user

PATIENCE = 20_000  # milliseconds, for a machine that does other things as well
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
    # Playwright keeps an event loop in this thread. Beside one, Django refuses its database unless
    # told, and takes another connection, which is to know as well what the migrations put in.
    migrated = connection._test_serialized_contents
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        connection._test_serialized_contents = migrated
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def live_server() -> Iterator[LiveServer]:
    """A running site. pytest-django's own fixture would not serve static files of ours."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.static_handler = StaticFilesHandler
    server.start()
    yield server
    server.stop()


@pytest.fixture
def site(live_server: LiveServer, django_db_serialized_rollback: None, settings: Any) -> str:
    """The address of a running site that has what the migrations put into it."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture(scope="package")
def kept_demo() -> dict[str, str]:
    return {}


@pytest.fixture
def demo(site: str, kept_demo: dict[str, str]) -> None:
    """The demo company. It is made once, which takes a while, and put back for each other test."""
    creation = connection.creation
    if "rows" not in kept_demo:
        loading.load("demo")
        kept_demo["rows"] = creation.serialize_db_to_string()
    else:
        creation.deserialize_db_from_string(kept_demo["rows"])


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    watch = Watch(site)
    yield watch
    assert not watch.complaints


@pytest.fixture
def open_browser(browser: Browser, site: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens the browser of somebody else each time it is called: nobody is logged in there yet."""
    contexts = []

    def opened(width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            # Without the word Headless, which the site takes for a crawler.
            user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{browser.version} Safari/537.36",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.follow(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_admin(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the admin to a new account with the given role."""

    def opened(role: str, **options: Any) -> Page:
        page = open_browser(**options)
        log_in(page, make_user(role).username)
        return page

    return opened
