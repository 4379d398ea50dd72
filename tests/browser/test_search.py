"""Suggestions while a visitor types, by keyboard and on a phone; the form without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.search.index import rebuild_all

pytestmark = pytest.mark.usefixtures("_indexed_demo")


@pytest.fixture
def _indexed_demo(demo: None) -> None:
    """The rows of the demo are restored without the index."""
    list(rebuild_all())


@pytest.mark.parametrize("width", [1280, 390])
def test_a_suggestion_is_chosen_by_keyboard(open_browser: Callable[..., Page], width: int) -> None:
    page = open_browser(width)
    page.goto("/")
    field = page.get_by_role("combobox", name="Search the site")
    field.press_sequentially("jaw crush")
    listbox = page.get_by_role("listbox", name="Suggestions")
    option = listbox.get_by_role("option").first
    expect(option).to_be_in_viewport(ratio=1)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    field.press("Escape")
    expect(listbox).to_be_hidden()
    expect(field).to_have_value("jaw crush")
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/products/**")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_suggestion_is_chosen_with_the_mouse_and_the_form_sent_with_enter(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.goto("/")
    field = page.get_by_role("combobox", name="Search the site")
    field.press_sequentially("jaw crush")
    page.get_by_role("option").first.click()
    expect(page.locator("h1")).to_contain_text("rusher")
    field.press_sequentially("jaw crushr")
    field.press("Enter")
    expect(page.get_by_role("link", name="jaw crusher", exact=True)).to_be_visible()


def test_without_javascript_the_form_finds_products(open_browser: Callable[..., Page]) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/no-such-page/")
    page.locator("main input[type=search]").fill("jaw crushers")
    page.locator("main .search button").click()
    expect(page.get_by_role("region", name="Products")).to_contain_text("Jaw Crusher")
    page.get_by_role("navigation", name="Kinds of results").get_by_text("Products").click()
    expect(page.locator(".search-kinds [aria-current]")).to_contain_text("Products")
