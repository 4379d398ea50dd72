"""The navigation and the inquiry form with the keyboard only, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inquiries.models import Inquiry
from tests.browser.helpers import one_line_text
from tests.factories import make_company, make_product

NAVIGATION = ["Home", "News", "Products", "Contacts", "Product Inquiry"]
FIELDS = [
    "product",
    "quantity",
    "unit",
    "message",
    "attachments",
    "name",
    "email",
    "company",
    "country",
    "phone",
]


@pytest.fixture(autouse=True)
def _company(site: str) -> None:
    make_company(hotline="+86 371 5555 0100")
    make_product(name="Jaw Crusher")


def tab_through(page: Page, max_stops: int = 60) -> list[tuple[str, bool]]:
    """The names of the elements that Tab reaches, and whether their focus is visible."""
    stops = []
    for _ in range(max_stops):
        page.keyboard.press("Tab")
        name, is_visible = page.evaluate(
            """() => {
                const here = document.activeElement
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(here)
                const { width, height } = here.getBoundingClientRect()
                const marked = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0)
                    || boxShadow !== "none"
                return [here.name || here.textContent.trim(), marked && width > 1 && height > 1]
            }"""
        )
        stops.append((name, is_visible))
        if page.evaluate("document.activeElement === document.body"):
            return stops[:-1]
    return stops


@pytest.mark.parametrize("width", [1280, 390])
def test_tab_order_is_logical_and_focus_is_visible(
    open_browser: Callable[..., Page], width: int
) -> None:
    page = open_browser(width)
    page.goto("/inquiry/")
    stops = tab_through(page)
    assert [name for name, is_visible in stops if not is_visible] == []
    names = [name for name, _ in stops]
    in_order = ["Skip to content", *NAVIGATION, *FIELDS, "Send inquiry"]
    positions = [names.index(name) for name in in_order]
    assert positions == sorted(positions)


def test_the_skip_link_jumps_past_the_header(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "product":
            break
    assert page.evaluate("document.activeElement.closest('header, nav.main-navigation')") is None


def test_an_inquiry_is_sent_with_the_keyboard_only(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    page.get_by_label("Product", exact=True).focus()
    page.keyboard.type("Jaw")
    # An empty text skips the field.
    typed = ["3", "", "Which voltage?", "", "", "Peter Sample", "peter@example.com"]
    for text in [*typed, "Sample Quarries", "Kenya"]:
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your inquiry")
    inquiry = Inquiry.objects.get()
    assert inquiry.message == "Which voltage?"
    assert inquiry.country.code == "KE"
    assert str(inquiry.lines.get()) == "3 set × Jaw Crusher"


def test_an_inquiry_is_sent_without_javascript(open_browser: Callable[..., Page]) -> None:
    page = open_browser(java_script_enabled=False)
    page.goto("/")
    navigation = page.get_by_role("navigation", name="Main")
    navigation.get_by_role("link", name="Products").click()
    page.get_by_role("link", name="Jaw Crusher").first.click()
    page.get_by_role("link", name="Product Inquiry").click()
    page.get_by_label("Your message").fill("Which voltage?")
    page.get_by_role("button", name="Send inquiry").click()
    alert = page.get_by_role("alert")
    assert "Not sent yet: please check the fields below" in one_line_text(alert)
    alert.get_by_role("link", name="Your name").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Peter Sample")
    page.get_by_label("E-mail").fill("peter@example.com")
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your inquiry")
    assert Inquiry.objects.get().message == "Which voltage?"


def test_the_language_changes_without_javascript(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/products/")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="العربي").click()
    assert page.url.endswith("/ar/products/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
