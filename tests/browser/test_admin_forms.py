"""The admin's forms: language tabs, rich text editor, no browser errors."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact
from inquiries.models import Inquiry
from news.models import Article
from products.models import Product
from tests.browser.helpers import log_in
from tests.factories import make_article

LANGUAGES = ["en", "zh_hans", "ar"]


def languages_shown(page: Page, field: str = "title") -> list[str]:
    return [code for code in LANGUAGES if page.locator(f"#id_{field}_{code}").is_visible()]


def test_a_form_shows_one_language_at_a_time(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto("/admin/news/article/add/")
    assert languages_shown(page) == ["en"]
    chinese = page.get_by_role("tab", name="中文")
    chinese.click()
    expect(chinese).to_have_attribute("aria-selected", "true")
    assert languages_shown(page) == languages_shown(page, "summary") == ["zh_hans"]
    expect(page.locator("#cke_id_body_zh_hans")).to_be_visible()
    expect(page.locator("#cke_id_body_en")).to_be_hidden()
    # Fields that are not translated stay visible.
    expect(page.get_by_label("Status")).to_be_visible()


def test_arrow_keys_move_between_the_languages(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto("/admin/news/article/add/")
    page.get_by_role("tab", name="English").focus()
    page.keyboard.press("ArrowRight")
    assert languages_shown(page) == ["zh_hans"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert languages_shown(page) == ["ar"]
    expect(page.get_by_role("tab", name="العربية")).to_be_focused()


def test_an_error_opens_its_language_tab(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto("/admin/news/article/add/")
    page.get_by_role("tab", name="中文").click()
    page.locator("#id_title_zh_hans").fill("破碎机")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    assert languages_shown(page) == ["en"]
    page.get_by_role("tab", name="中文").click()
    expect(page.locator("#id_title_zh_hans")).to_have_value("破碎机")


def test_texts_in_all_languages_are_saved(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto("/admin/news/article/add/")
    texts = {"en": "Crusher", "zh_hans": "破碎机", "ar": "كسارة"}
    for tab, (code, text) in zip(["English", "中文", "العربية"], texts.items(), strict=True):
        page.get_by_role("tab", name=tab).click()
        page.locator(f"#id_title_{code}").fill(text)
        page.locator(f"#cke_id_body_{code} [contenteditable=true]").fill(text)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    article = Article.objects.get()
    for code, text in texts.items():
        assert getattr(article, f"title_{code}") == text
        assert getattr(article, f"body_{code}") == f"<p>{text}</p>"


def test_arabic_is_edited_right_to_left(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto("/admin/news/article/add/")
    page.get_by_role("tab", name="العربية").click()
    text = page.locator("#cke_id_body_ar [contenteditable=true]")
    assert text.evaluate("text => getComputedStyle(text).direction") == "rtl"


def test_the_link_dialog_links_the_selected_text(open_admin: Callable[..., Page]) -> None:
    article = make_article(body="<p>Read the data sheet</p>")
    page = open_admin("Editors")
    page.goto(f"/admin/news/article/{article.pk}/change/")
    editor = page.locator("#cke_id_body_en")
    editor.locator("p").click()
    page.keyboard.press("Control+a")
    page.wait_for_timeout(500)  # the editor updates its selection five times a second
    editor.get_by_role("button", name="Link", exact=True).click()
    dialog = page.get_by_role("dialog", name="Link")
    dialog.get_by_role("textbox", name="URL").fill("https://example.com/data-sheet.pdf")
    dialog.get_by_role("button", name="OK").click()
    link = editor.get_by_role("link", name="Read the data sheet")
    expect(link).to_have_attribute("href", "https://example.com/data-sheet.pdf")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    article.refresh_from_db()
    assert '<a href="https://example.com/data-sheet.pdf"' in article.body


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("width", [1280, 390])
def test_admin_pages_have_no_browser_errors(open_browser: Callable[..., Page], width: int) -> None:
    page = open_browser(width)
    log_in(page, "admin", "demo")
    paths = [
        "/admin/",
        "/admin/news/article/",
        "/admin/news/article/add/",
        f"/admin/news/article/{Article.objects.first().pk}/change/",
        "/admin/products/product/",
        f"/admin/products/product/{Product.objects.first().pk}/change/",
        "/admin/inquiries/inquiry/",
        f"/admin/inquiries/inquiry/{Inquiry.objects.first().pk}/change/",
        "/admin/contacts/company/",
        f"/admin/contacts/contact/{Contact.objects.first().pk}/change/",
    ]
    for path in paths:
        response = page.goto(path)
        assert response.status == 200, path
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), path
