"""From publishing an article to a won order, with real SMTP, IMAP and browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.core.management import call_command
from playwright.sync_api import Page, expect

from contacts.models import Contact
from inquiries.models import Inquiry
from inquiries.services import assign_inquiry
from news.models import Article
from products.models import Product
from tests.browser.browser_errors import BrowserErrors
from tests.browser.helpers import log_in, one_line_text
from tests.factories import (
    make_company,
    make_contact,
    make_inquiry,
    make_product,
    make_user,
    picture_file,
)
from tests.imap_server import ImapServer
from tests.smtp_server import SmtpServer

TYPED = {
    "quantity": "2",
    "message": "Does it run on 60 Hz?\nWe need it in Mombasa.",
    "name": "Peter Sample",
    "email": "peter@example",
    "company": "Sample Quarries",
    "country": "KE",
    "phone": "+254 20 555 0100",
}


def test_from_article_to_order(
    open_browser: Callable[..., Page],
    smtp_server: SmtpServer,
    imap_server: ImapServer,
    browser_errors: BrowserErrors,
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.REPLY_ADDRESS, settings.IMAP_URL = imap_server.user, imap_server.url
    # CKEditor's dialog works without these two: see core/richtext/admin.py.
    browser_errors.ignore("Running the JavaScript URL violates")
    browser_errors.ignore("Executing inline script violates")
    make_company(hotline="+86 371 5555 0100")
    make_user("Editors", username="editor")
    make_user("Managers", username="manager", email="manager@example.com")
    july = make_contact(
        name="July", email="july@example.com", user=make_user("Sales", username="july")
    )
    product = make_product(name="Jaw Crusher")
    other_inquiry = make_inquiry(name="Other Buyer")
    assign_inquiry(other_inquiry, make_contact(name="Abner", email="abner@example.com"), by=None)

    article = publish_article_as_editor(open_browser(), tmp_path)
    visitor = open_browser()
    read_article_as_visitor(visitor, article)
    inquiry = send_inquiry_as_visitor(visitor, product)
    assert smtp_server.received_by("manager@example.com", inquiry.reference)
    manager = open_browser()
    assign_inquiry_as_manager(manager, inquiry, july)
    contact = open_browser()
    open_inquiry_from_email(
        contact, smtp_server.received_by("july@example.com", inquiry.reference), inquiry
    )
    assert_other_inquiry_is_hidden(contact, other_inquiry)
    answer_inquiry_as_contact(contact, inquiry)
    answer = smtp_server.received_by("peter@example.com", f"Re: Your inquiry {inquiry.reference}")
    assert_answer_email(answer)
    reply_as_buyer(answer, imap_server)
    assert smtp_server.received_by("july@example.com", "New message from Peter Sample")
    read_reply_and_mark_as_won(contact, inquiry)
    check_status_page_as_buyer(visitor, answer)
    find_order_as_manager(manager, inquiry)


def publish_article_as_editor(page: Page, folder: Path) -> Article:
    log_in(page, "editor")
    page.get_by_role("link", name="Write an article").click()
    page.get_by_label("Title [en]").fill("A crusher for Kenya")

    editor = page.locator("#cke_id_body_en")
    text = editor.locator("[contenteditable=true]")
    text.click()
    editor.locator(".cke_combo__format a").click()
    page.frame_locator("iframe.cke_panel_frame").get_by_role("option", name="Heading 2").click()
    page.keyboard.type("How it was built")
    page.keyboard.press("Enter")
    page.keyboard.type("It weighs ")
    page.keyboard.press("Control+b")
    page.keyboard.type("26 tonnes")
    page.keyboard.press("Control+b")
    page.keyboard.type(" in all.")
    page.keyboard.press("Enter")
    insert_image_as_editor(page, folder)

    page.get_by_role("tab", name="中文").click()
    page.locator("#id_title_zh_hans").fill("运往肯尼亚的破碎机")
    page.get_by_label("Status").select_option("Published")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    return Article.objects.get()


def insert_image_as_editor(page: Page, folder: Path) -> None:
    picture = folder / "crusher.jpg"
    picture.write_bytes(picture_file("JPEG").read())
    page.locator("#cke_id_body_en").get_by_role("button", name="Image").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Upload").click()
    dialog.frame_locator("iframe").locator("input[type=file]").set_input_files(picture)
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_label("URL")).to_have_value(re.compile("/media/"))
    dialog.get_by_label("Alternative Text").fill("A jaw crusher on its frame")
    dialog.get_by_label("Captioned image").check()
    dialog.get_by_role("button", name="OK").click()
    caption = page.locator("#cke_id_body_en figcaption")
    caption.fill("Ready for the ship")


def read_article_as_visitor(page: Page, article: Article) -> None:
    page.goto("/news/")
    page.get_by_role("link", name=article.title).first.click()
    assert page.url.endswith("/news/a-crusher-for-kenya/")
    trail = one_line_text(page.get_by_role("navigation", name="Breadcrumb"))
    assert trail == "You are here: Home » News » A crusher for Kenya"
    facts = page.locator(".facts").first
    today = datetime.now(UTC).date()
    assert (
        one_line_text(facts) == f"Views: 1 Author: Site Editor Publish Time: {today} Origin: Site"
    )

    text = page.locator("article")
    expect(text.get_by_role("heading", name="How it was built", level=2)).to_be_visible()
    assert text.locator("strong").inner_text() == "26 tonnes"
    picture = text.get_by_role("img", name="A jaw crusher on its frame")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    expect(text.locator("figcaption")).to_have_text("Ready for the ship")

    page.reload()
    expect(facts).to_contain_text("Views: 2")
    page.goto("/zh-hans/news/a-crusher-for-kenya/")
    expect(page.get_by_role("heading", level=1)).to_have_text("运往肯尼亚的破碎机")


def send_inquiry_as_visitor(page: Page, product: Product) -> Inquiry:
    page.goto("/products/")
    page.get_by_role("link", name=product.name).first.click()
    page.get_by_role("link", name="Product Inquiry").click()
    fields = {name: page.locator(f"form [name={name}]") for name in TYPED}
    for name, value in TYPED.items():
        if name == "country":
            fields[name].select_option(value)
        else:
            fields[name].fill(value)
    send = page.get_by_role("button", name="Send inquiry")
    send.click()

    email_field = page.locator(".field", has=page.locator("[name=email]"))
    expect(email_field.get_by_text("Enter a valid e-mail address")).to_be_visible()
    assert {name: field.input_value() for name, field in fields.items()} == TYPED
    expect(page.locator("form [name=product]")).to_have_value(product.slug)

    fields["email"].fill("peter@example.com")
    send.click()
    expect(page.get_by_role("heading", name="Thank you for your inquiry")).to_be_visible()
    return Inquiry.objects.get(reference=page.locator(".reference strong").inner_text())


def assign_inquiry_as_manager(page: Page, inquiry: Inquiry, contact: Contact) -> None:
    log_in(page, "manager")
    page.get_by_role("link", name="Assign new inquiries").click()
    row = page.get_by_role("row", name=inquiry.reference)
    expect(row).to_contain_text("2 set × Jaw Crusher")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    row.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option("Assign to contact")
    page.locator("select[name=contact]").select_option(contact.name)
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text(f"1 inquiry assigned to {contact.name}.")).to_be_visible()
    expect(row).to_have_count(0)


def open_inquiry_from_email(page: Page, mail: EmailMessage, inquiry: Inquiry) -> None:
    assert (
        f"Inquiry {inquiry.reference} from Peter Sample has been assigned to you" in mail["Subject"]
    )
    link = re.search(r"http://\S+", mail.get_content()).group()
    log_in(page, "july", at=link)
    assert page.url == link
    expect(page.locator("#content")).to_contain_text("Does it run on 60 Hz?")


def assert_other_inquiry_is_hidden(page: Page, inquiry: Inquiry) -> None:
    page.goto("/admin/inquiries/inquiry/")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("Peter Sample")
    page.goto(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    expect(page.locator("body")).not_to_contain_text("Other Buyer")
    expect(page.get_by_text("doesn’t exist")).to_be_visible()


def answer_inquiry_as_contact(page: Page, inquiry: Inquiry) -> None:
    page.goto("/admin/inquiries/inquiry/")
    page.get_by_role("link", name=inquiry.reference).click()
    page.get_by_role("textbox", name="Reply:").fill(
        "It does: we fit a motor for 60 Hz.\nYours, July"
    )
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".timeline li")).to_have_count(3)
    received, assigned, answered = page.locator(".timeline li").all()
    assert re.match(r"Received .* by the buyer$", one_line_text(received))
    assert re.match(r"Assigned to July .* manager$", one_line_text(assigned))
    assert re.match(
        r"Answered .* july It does: we fit a motor for 60 Hz\.", one_line_text(answered)
    )


def assert_answer_email(mail: EmailMessage) -> None:
    assert mail["From"] == '"July at Example Machines Ltd." <noreply@localhost>'
    assert mail["Reply-To"] == "sales@example.com"
    lines = mail.get_content().splitlines()
    assert lines[:2] == ["It does: we fit a motor for 60 Hz.", "Yours, July"]
    assert "> Does it run on 60 Hz?" in lines


def reply_as_buyer(answer: EmailMessage, imap_server: ImapServer) -> None:
    """Reply in the thread with the answer quoted below, as e-mail programs do."""
    reply = EmailMessage()
    reply["From"] = "Peter Sample <peter@example.com>"
    reply["To"] = answer["Reply-To"]
    reply["Subject"] = answer["Subject"]
    reply["Message-ID"] = "<reply-1@mail.example.com>"
    reply["In-Reply-To"] = answer["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in answer.get_content().splitlines())
    reply.set_content(f"Then we take two.\n\nOn 2026-01-02, July wrote:\n{quoted}\n")
    imap_server.add_message(reply)
    call_command("fetch_replies")
    assert imap_server.uids("UNSEEN") == []


def read_reply_and_mark_as_won(page: Page, inquiry: Inquiry) -> None:
    page.reload()
    reply = page.locator(".timeline li").last
    expect(reply).to_contain_text("Then we take two.")
    expect(reply.get_by_text("Yours, July")).to_be_hidden()
    page.get_by_label("Internal note").fill("Ask the works for a date.")
    page.get_by_label("Status").select_option("Won")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".timeline li").last).to_contain_text("Status changed to Won")


def check_status_page_as_buyer(page: Page, answer: EmailMessage) -> None:
    link = re.search(r"http://\S+/inquiry/status/\S+", answer.get_content()).group()
    page.goto(link)
    conversation = page.locator(".conversation")
    expect(conversation).to_contain_text("It does: we fit a motor for 60 Hz.")
    expect(conversation).to_contain_text("Then we take two.")
    expect(page.locator("body")).not_to_contain_text("Ask the works for a date.")


def find_order_as_manager(page: Page, inquiry: Inquiry) -> None:
    page.goto("/admin/inquiries/inquiry/?status__exact=won")
    row = page.get_by_role("row", name=inquiry.reference)
    expect(row).to_contain_text("July")
