"""What a real browser sends from the inquiry form, and what it offers to fill in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inquiries.models import Inquiry
from tests.factories import make_company, make_product

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

AUTOFILL_HINTS = {
    "name": "name",
    "email": "email",
    "company": "organization",
    "country": "country",
    "phone": "tel",
    "quantity": "off",
    "unit": "off",
    "destination_port": "off",
    "target_price": "off",
    "subject": "off",
}


@pytest.fixture(autouse=True)
def company(site: str) -> None:
    make_company()


def test_browsers_know_what_to_fill_in_and_nobody_reaches_the_honeypot(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    for name, hint in AUTOFILL_HINTS.items():
        assert page.locator(f"form.form [name={name}]").get_attribute("autocomplete") == hint
    box = page.locator("form.form :has(> [name=subject])").bounding_box()
    assert box
    assert box["width"] * box["height"] <= 1
    expect(page.get_by_role("textbox", name="Leave this empty")).to_have_count(0)
    reached = set()
    page.get_by_label("Product", exact=True).focus()
    for _step in range(20):
        reached.add(page.evaluate("document.activeElement.name"))
        page.keyboard.press("Tab")
    assert {"email", "phone", "message"} <= reached
    assert "subject" not in reached


@pytest.mark.parametrize("width", [1280, 390])
def test_numbers_of_other_scripts_reach_the_server(
    open_browser: Callable[..., Page], width: int
) -> None:
    make_product(name="Mill", unit="set")
    page = open_browser(width)
    page.goto("/inquiry/")
    page.get_by_label("Product", exact=True).select_option("Mill")
    page.get_by_label("Quantity").fill("١٬٠٠٠")
    page.get_by_label("Your message").fill("Which voltage?")
    page.get_by_text("Port, Incoterm, target price, sample").click()
    page.get_by_label("Target price").fill("12,50 €")
    page.get_by_label("Your name").fill("\u200ePeter Sample\u200f")
    page.get_by_label("E-mail").fill("peter＠example．com，")
    page.get_by_label("Phone").fill("\u202a٠٥٠١٢٣٤٥٦٧\u202c")
    page.get_by_label("Country").select_option("AE")
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your inquiry")
    sent = page.get_by_role("region", name="What you sent us")
    for text in ("peter@example.com", "٠٥٠١٢٣٤٥٦٧", "1000 set × Mill", "12.50 EUR"):
        expect(sent.get_by_text(text, exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inquiry = Inquiry.objects.get()
    assert (inquiry.name, inquiry.phone_e164) == ("Peter Sample", "+971501234567")


@pytest.mark.parametrize("proof_of_work", [True, False])
def test_one_click_on_the_suggested_email_address_sends_the_inquiry(
    open_browser: Callable[..., Page], settings: Any, proof_of_work: bool
) -> None:
    settings.PROOF_OF_WORK = proof_of_work
    page = open_browser(390)
    page.goto("/inquiry/")
    page.get_by_label("Your message").fill("Which voltage?")
    page.get_by_label("Your name").fill("Peter Sample")
    page.get_by_label("E-mail").fill("peter@example,com")
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("alert")).to_contain_text("Did you mean peter@example.com?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Use peter@example.com and send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your inquiry")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.email) == ("new", "peter@example.com")
