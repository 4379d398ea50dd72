"""The look of the site: its form with a live preview, dark mode, and consent to being counted."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_errors import BrowserErrors
from tests.factories import make_company


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    return open_browser()


def color_of(page: Page, selector: str, name: str) -> str:
    script = f"element => getComputedStyle(element).{name}"
    return str(page.locator(selector).first.evaluate(script))


def test_a_manager_sees_each_change_before_it_is_saved(open_admin: Callable[..., Page]) -> None:
    make_company(name="Example Ltd.")
    page = open_admin("Managers")
    page.goto("/admin/contacts/site/")
    preview = page.frame_locator("iframe[name=site-preview]")
    expect(preview.locator("h1")).to_have_text("Example Ltd.")
    page.fill("[name=color]", "#a3195b")
    page.fill("[name=name_en]", "Crushers & Co.")
    expect(preview.locator("h1")).to_have_text("Crushers & Co.")
    expect(preview.locator(".inquiry-button")).to_have_css("background-color", "rgb(163, 25, 91)")
    page.select_option("[name=corners]", "square")
    expect(preview.locator(".hero .button").first).to_have_css("border-radius", "0px")
    page.click("[name=_save]")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Crushers & Co.")
    expect(page.locator(".hero .button").first).to_have_css("border-radius", "0px")


def test_dark_mode_follows_the_system_until_the_visitor_chooses(page: Page) -> None:
    make_company(name="Example Ltd.")
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    dark = color_of(page, "body", "backgroundColor")
    assert dark != "rgb(255, 255, 255)"
    page.get_by_role("button", name="Light mode").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.goto("/contacts/")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.get_by_role("button", name="Dark mode").click()
    expect(page.locator("body")).to_have_css("background-color", dark)


@pytest.mark.parametrize("color", ["", "#a3195b"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_in_both_modes(page: Page, color: str, scheme: str) -> None:
    make_company(name="Example Ltd.", color=color)
    page.emulate_media(color_scheme=scheme, media="print")
    page.goto("/")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_nobody_is_counted_without_consent(page: Page) -> None:
    make_company(name="Example Ltd.", analytics_provider="plausible", analytics_id="example.com")
    asked: list[str] = []
    page.route(
        re.compile("^https:"), lambda route: (asked.append(route.request.url), route.abort())
    )
    page.goto("/")
    banner = page.get_by_role("region", name="May we count your visit?")
    expect(banner).to_be_visible()
    banner.get_by_role("button", name="No, thank you").click()
    expect(banner).to_be_hidden()
    page.goto("/contacts/")
    expect(banner).to_be_hidden()
    assert asked == []


def test_consent_loads_the_program_on_every_page(page: Page, browser_errors: BrowserErrors) -> None:
    browser_errors.ignore("another host: https://plausible.io/")
    make_company(name="Example Ltd.", analytics_provider="plausible", analytics_id="example.com")
    page.route(
        re.compile("^https://plausible.io/"),
        lambda route: route.fulfill(
            body="document.body.dataset.counted = 1", content_type="text/javascript"
        ),
    )
    page.goto("/")
    page.get_by_role("button", name="Yes, count my visit").click()
    expect(page.locator("body[data-counted]")).to_be_attached()
    page.goto("/contacts/")
    expect(page.locator("body[data-counted]")).to_be_attached()
    expect(page.get_by_role("region", name="May we count your visit?")).to_be_hidden()
