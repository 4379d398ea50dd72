"""The buttons of products, which change the inquiry list and the comparison on any page."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.browser_errors import BrowserErrors

pytestmark = pytest.mark.usefixtures("demo")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_click_on_a_card_adds_the_product_marks_it_and_confirms(
    open_browser: Callable[..., Page], width: int
) -> None:
    page = open_browser(width)
    page.goto("/products/")
    add = card(page, "Jaw Crusher 600 × 900").get_by_role("button", name="Add to inquiry")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Jaw Crusher 600 × 900\u2069, \u20681 set")
    expect(page).to_have_url(re.compile("/products/$"))
    expect(page.locator(".basket-size")).to_have_text("1")
    added = card(page, "Jaw Crusher 600 × 900").get_by_role("button", name="In your inquiry list")
    expect(added).to_be_focused()
    expect(page.locator(".is-added")).to_have_count(1)
    page.goto("/")
    expect(page.locator(".basket-size")).to_have_text("1")
    page.goto("/products/cone-crusher/")
    page.get_by_label("Quantity").fill("4")
    page.locator(".offer").get_by_role("button", name="Add to inquiry").click()
    expect(page.get_by_role("status")).to_contain_text("4 set")
    page.reload()
    expect(page.get_by_label("Quantity")).to_have_value("4")
    page.get_by_label("Quantity").fill("6")
    page.get_by_role("button", name="Change quantity").click()
    page.get_by_role("link", name="View inquiry list").click()
    expect(page.locator("[name^=quantity-]").last).to_have_value("6")


@pytest.mark.parametrize("width", [1280, 390])
def test_quantities_are_saved_as_soon_as_they_change(
    open_browser: Callable[..., Page], browser_errors: BrowserErrors, width: int
) -> None:
    browser_errors.ignore("422 for")
    page = open_browser(width)
    page.goto("/products/jaw-crusher/")
    page.locator(".offer").get_by_role("button", name="Add to inquiry").click()
    page.get_by_role("link", name="View inquiry list").click()
    quantity = page.locator("[name^=quantity-]")
    quantity.fill("7")
    quantity.press("Tab")
    expect(page.get_by_role("status")).to_have_text("Your quantities are saved.")
    quantity.fill("0")
    quantity.press("Tab")
    expect(page.locator("[name^=quantity-]:invalid")).to_have_count(1)
    page.reload()
    expect(quantity).to_have_value("7")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_bar_collects_products_for_a_comparison(
    open_browser: Callable[..., Page], width: int
) -> None:
    page = open_browser(width)
    page.goto("/products/category/crushers/")
    card(page, "Jaw Crusher 600 × 900").get_by_role("button", name="Compare").click()
    bar = page.get_by_role("form", name="Comparison")
    expect(bar.get_by_role("listitem")).to_have_count(1)
    page.goto("/products/belt-conveyor/")
    expect(bar.get_by_role("listitem")).to_have_count(1)
    compare = page.locator(".offer").get_by_role("button", name="Compare")
    expect(compare).to_have_attribute("aria-pressed", "false")
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "true")
    expect(bar.get_by_role("listitem")).to_have_count(2)
    expect(bar).to_be_in_viewport(ratio=1)
    bar.get_by_role("button", name="Remove: Jaw Crusher 600 × 900").click()
    expect(bar.get_by_role("listitem")).to_have_count(1)
    page.goto("/ar/products/")
    expect(bar_of(page)).to_be_visible()
    page.goto("/products/jaw-crusher/")
    page.locator(".offer").get_by_role("button", name="Compare").click()
    bar.get_by_role("link", name="Compare (2)").click()
    expect(page.locator(".comparison thead th")).to_have_count(2)
    page.get_by_role("button", name=re.compile("Remove.*Belt Conveyor")).click()
    expect(page.locator(".comparison thead th")).to_have_count(1)
    page.goto("/products/")
    bar.get_by_role("button", name="Clear").click()
    expect(bar_of(page)).to_have_count(0)
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)


def card(page: Page, name: str) -> Locator:
    return page.locator(".product-card", has_text=name)


def bar_of(page: Page) -> Locator:
    return page.locator(".comparison-bar")


def test_products_are_collected_without_javascript(open_browser: Callable[..., Page]) -> None:
    page = open_browser(390, java_script_enabled=False)
    for name in ("Jaw Crusher 600 × 900", "Spring Cone Crusher 900"):
        page.goto("/products/category/crushers/")
        card(page, name).get_by_role("button", name="Compare").click()
        expect(page).to_have_url(re.compile("/products/category/crushers/$"))
        expect(page.get_by_role("status").first).to_contain_text(name)
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator(".comparison thead th")).to_have_count(2)
    page.locator("select[name=p]").select_option("belt-conveyor")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".comparison thead th")).to_have_count(3)


def test_a_lost_connection_is_shown_by_the_browser(
    open_browser: Callable[..., Page], browser_errors: BrowserErrors
) -> None:
    page = open_browser()
    page.goto("/products/")
    page.route(
        "**/basket/add/",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    browser_errors.ignore("net::ERR_FAILED")
    page.locator(".card-actions button").first.click()
    expect(page.get_by_role("status").first).to_contain_text("In your inquiry list")
    expect(page.locator(".basket-size")).to_have_text("1")


@pytest.mark.parametrize("has_script", [True, False])
def test_a_product_page_calculates_the_packing_of_a_quantity(
    open_browser: Callable[..., Page], has_script: bool
) -> None:
    page = open_browser(390, java_script_enabled=has_script)
    page.goto("/products/belt-conveyor/")
    result = page.locator(".packing-result")
    expect(result).to_contain_text("1 carton")
    page.get_by_label("For a quantity of").fill("120")
    if not has_script:
        page.get_by_role("button", name="Calculate").click()
    expect(result).to_contain_text("10 cartons")
    expect(result).to_contain_text("14,500 kg")
    expect(result).to_contain_text("3 containers of 20′")
    expect(result).to_contain_text("2 containers of 40′")


@pytest.mark.parametrize("language", ["", "/ar"])
def test_wide_tables_scroll_and_show_that_they_do(
    open_browser: Callable[..., Page], language: str
) -> None:
    page = open_browser(390)
    page.goto(f"{language}/products/jaw-crusher/")
    region = page.locator(".variants .table-scroll")
    region.focus()
    before = region.evaluate("box => box.scrollLeft")
    page.keyboard.press("ArrowLeft" if language else "ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.variants .table-scroll').scrollLeft !== before",
        arg=before,
    )
    expect(region).to_have_css("background-attachment", "local, local, scroll, scroll")
    assert page.evaluate("(scrollTo(-500, 0), scrollX) || (scrollTo(500, 0), scrollX)") == 0


def test_the_bar_of_phones_has_chats_beside_the_hotline(open_browser: Callable[..., Page]) -> None:
    for width in (390, 360):
        page = open_browser(width)
        page.goto("/news/")
        chats = page.get_by_role("navigation", name="Chat")
        expect(chats.get_by_role("link")).to_have_text(["WhatsApp", "Skype"])
        boxes = [
            element.bounding_box()
            for element in (page.locator(".hotline bdi"), chats, page.locator(".inquiry-button"))
        ]
        for left, right in pairwise(boxes):
            assert left["x"] + left["width"] <= right["x"] + 1
    page = open_browser(1280)
    page.goto("/news/")
    expect(page.locator(".chat-links")).to_be_hidden()
