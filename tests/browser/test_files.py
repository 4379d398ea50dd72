"""Files of forms: they stay attached after errors, and wait for a reply to be sent."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from inquiries.models import Inquiry
from inquiries.services import assign_inquiry
from tests.browser.browser_errors import BrowserErrors
from tests.browser.helpers import log_in
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.urls import change_url

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"

DROP = """([target, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "application/pdf" }));
  const options = { dataTransfer: data, bubbles: true, cancelable: true };
  document.querySelector(target).dispatchEvent(new DragEvent("drop", options));
}"""


def pdf_file(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(PDF)
    return path


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_buyers_file_stays_attached_after_an_error(
    open_browser: Callable[..., Page], tmp_path: Path, java_script_enabled: bool
) -> None:
    page = open_browser(390, java_script_enabled=java_script_enabled)
    page.goto("/inquiry/")
    page.locator("[name=attachments]").set_input_files(pdf_file(tmp_path, "drawing.pdf"))
    page.locator("[name=name]").fill("Ann")
    page.locator("[name=message]").fill("A price, please.")
    page.get_by_role("button", name="Send inquiry").click()
    expect(page).to_have_title("Error: Product Inquiry")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("drawing.pdf")).to_be_checked()
    page.locator("[name=email]").fill("ann@example.com")
    page.get_by_role("button", name="Send inquiry").click()
    expect(page.get_by_role("heading", name="Thank you for your inquiry")).to_be_visible()
    assert Inquiry.objects.get().attachments.get().name == "drawing.pdf"


def test_files_for_a_reply_wait_until_it_is_sent(
    open_browser: Callable[..., Page], tmp_path: Path, browser_errors: BrowserErrors
) -> None:
    browser_errors.ignore("422 for")  # the refused file
    july = make_contact(name="July", user=make_user("Sales", username="july"))
    inquiry = make_inquiry()
    assign_inquiry(inquiry, july, by=None)
    page = open_browser()
    log_in(page, "july")
    page.goto(change_url(inquiry))
    page.get_by_label("Files for the reply").set_input_files(
        [pdf_file(tmp_path, "offer.pdf"), pdf_file(tmp_path, "terms.pdf")]
    )
    expect(page.get_by_label("offer.pdf")).to_be_checked()
    expect(page.get_by_label("terms.pdf")).to_be_checked()
    page.evaluate(DROP, [".field-answer", "drawing.pdf", PDF.decode("latin-1")])
    expect(page.get_by_label("drawing.pdf")).to_be_checked()
    page.evaluate(DROP, [".field-answer", "program.pdf", "MZ"])
    expect(page.locator(".upload-status")).to_contain_text("program.pdf")
    page.reload()
    expect(page.get_by_label("drawing.pdf")).to_be_checked()
    page.get_by_label("terms.pdf").uncheck()
    page.locator("[name=answer]").fill("Here is our offer.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    names = {file.name for file in inquiry.attachments.all()}
    assert names == {"offer.pdf", "drawing.pdf"}
    page.goto(change_url(inquiry))
    expect(page.locator(".stored-files li")).to_have_count(0)


def test_the_focus_moves_to_the_errors_of_a_form_in_the_admin(
    open_browser: Callable[..., Page],
) -> None:
    make_user("Managers", username="manager")
    page = open_browser()
    log_in(page, "manager")
    page.goto("/admin/contacts/contact/add/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error:"))
