"""With proof of work on, who has JavaScript notices nothing, and who has not is not lost."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from inquiries.models import Inquiry
from tests.world import make_company, make_inquiry

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
    page.get_by_role("button", name="Send the inquiry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your inquiry")


def test_an_inquiry_passes_and_tells_the_buyers_time_zone(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(timezone_id="Africa/Nairobi")
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.time_zone) == ("new", "Africa/Nairobi")


def test_back_in_the_browser_another_inquiry_passes_as_well(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    page.go_back()
    send(page, "And which weight?")
    assert list(Inquiry.objects.values_list("status", flat=True)) == ["new", "new"]


def test_after_a_correction_an_inquiry_passes(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/inquiry/")
    page.get_by_label("Your message").fill("Which voltage?")
    page.get_by_role("button", name="Send the inquiry").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is sent yet")
    send(page, "Which voltage?")
    assert Inquiry.objects.get().status == "new"


def test_a_message_on_the_buyers_page_passes(open_browser: Callable[..., Page]) -> None:
    inquiry = make_inquiry()
    page = open_browser()
    page.goto(inquiry.status_url)
    page.get_by_label("Your message").fill("Please answer.")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("Thank you, your message is with us.")).to_be_visible()
    assert inquiry.events.filter(kind="wrote").exists()


def test_without_javascript_an_inquiry_is_held(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(390, java_script_enabled=False)
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    inquiry = Inquiry.objects.get()
    assert inquiry.status == "spam"
    assert "unproven" in inquiry.events.get(kind="held").text


def test_a_sum_that_cannot_be_had_keeps_nobody_from_sending(
    open_browser: Callable[..., Page], watch: Any
) -> None:
    watch.allow("/inquiry/challenge/")
    page = open_browser()

    def broken(route: Route) -> None:
        route.fulfill(status=500)

    page.route("**/inquiry/challenge/", broken)
    page.goto("/inquiry/")
    send(page, "Which voltage?")
    assert Inquiry.objects.get().status == "spam"
