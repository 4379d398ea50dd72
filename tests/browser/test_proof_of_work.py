"""Proof of work: visitors with JavaScript do not notice it, others can still send."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from inquiries.models import Inquiry
from tests.factories import make_company, make_inquiry

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _switched_on(site: str, settings: Any) -> None:
    settings.PROOF_OF_WORK = True
    make_company()


def fill_in(page: Page, message: str) -> None:
    page.get_by_label("Your message").fill(message)
    page.get_by_label("Your name").fill("Peter Sample")
    page.get_by_label("E-mail").fill("peter@example.com")


def send(page: Page, message: str) -> None:
    fill_in(page, message)
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your inquiry")


def test_an_inquiry_is_accepted_with_the_buyers_time_zone(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(timezone_id="Africa/Nairobi")
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.time_zone) == ("new", "Africa/Nairobi")


def test_a_second_inquiry_after_going_back_is_accepted(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    page.go_back()
    send(page, "And which weight?")
    assert list(Inquiry.objects.values_list("status", flat=True)) == ["new", "new"]


def test_a_corrected_inquiry_is_accepted(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    page.get_by_label("Your message").fill("Which voltage?")
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent yet: please check the fields below")
    send(page, "Which voltage?")
    assert Inquiry.objects.get().status == "new"


def test_a_message_on_the_status_page_is_accepted(open_browser: Callable[..., Page]) -> None:
    inquiry = make_inquiry()
    page = open_browser()
    page.goto(inquiry.status_url)
    page.get_by_label("Your message").fill("Please answer.")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("Thank you, we have received your message.")).to_be_visible()
    assert inquiry.events.filter(kind="message").exists()


def test_an_inquiry_without_javascript_is_held_as_spam(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    inquiry = Inquiry.objects.get()
    assert inquiry.status == "spam"
    assert "unproven" in inquiry.events.get(kind="held").data["reasons"]


def test_an_inquiry_can_be_sent_if_the_challenge_fails(
    open_browser: Callable[..., Page], browser_errors: Any
) -> None:
    browser_errors.ignore("/inquiry/challenge/")
    page = open_browser()

    def fail(route: Route) -> None:
        route.fulfill(status=500)

    page.route("**/inquiry/challenge/", fail)
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    assert Inquiry.objects.get().status == "spam"
