"""Writing an article: the rich text editor, the image library and the content checks."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Locator, Page, expect

from core.richtext.cleaning import clean_html
from core.richtext.models import Picture
from core.richtext.services import add_picture
from news.models import Article
from tests.browser.admin_form import ADD, open_form
from tests.browser.browser_errors import BrowserErrors
from tests.browser.clipboard import GOOGLE_DOCS, WORD, paste
from tests.core.test_richtext import EVERYTHING
from tests.factories import make_article, make_user, picture_file

BUTTONS = [
    "Bold", "Italic", "Underline", "Strikethrough", "Insert/Remove Numbered List",
    "Insert/Remove Bulleted List", "Block Quote", "Align Left", "Center", "Align Right", "Justify",
    "Link", "Unlink", "Image", "Table", "Paste as plain text", "Paste from Word", "Undo", "Redo",
    "Maximize",
]  # fmt: skip
DIALOGS = [
    "link", "image", "table", "tableProperties", "cellProperties", "specialchar", "a11yHelp",
]  # fmt: skip


@pytest.fixture
def write(open_admin: Callable[..., Page]) -> Callable[..., Page]:
    """Opens an article's form as an editor, and waits until it is ready."""

    def open_page(path: str = ADD, **options: object) -> Page:
        page = open_admin("Editors", **options)
        open_form(page, path)
        return page

    return open_page


@pytest.fixture
def crusher() -> Picture:
    upload = SimpleUploadedFile("crusher.jpg", picture_file("JPEG").read())
    picture = add_picture(upload, by=make_user())
    Picture.objects.filter(pk=picture.pk).update(alt_en="A crusher on a truck")
    return picture


def text_of(page: Page, language: str = "en") -> Locator:
    return page.locator(f"#cke_id_body_{language} [contenteditable=true]").first


def html_of(page: Page, language: str = "en") -> str:
    return page.evaluate(f"CKEDITOR.instances.id_body_{language}.getData()")


def open_picture_dialog(page: Page, browser_errors: BrowserErrors) -> Locator:
    # CKEditor's dialog works without these two: see core/richtext/admin.py.
    browser_errors.ignore("Running the JavaScript URL violates")
    browser_errors.ignore("Executing inline script violates")
    text_of(page).click()
    page.locator("#cke_id_body_en").get_by_role("button", name="Image").click()
    return page.get_by_role("dialog", name="Image Properties")


def test_the_toolbar_has_all_buttons(write: Callable[..., Page]) -> None:
    page = write()
    editor = page.locator("#cke_id_body_en")
    for name in BUTTONS:
        expect(editor.get_by_role("button", name=name).first).to_be_visible()
    editor.locator(".cke_combo__format a").click()
    formats = page.frame_locator("iframe.cke_panel_frame").get_by_role("option")
    expect(formats).to_have_text(["Normal", "Heading 2", "Heading 3", "Heading 4", "Formatted"])


@pytest.mark.parametrize("locale", ["en", "zh-CN", "ar"])
def test_every_dialog_opens_with_its_files(
    write: Callable[..., Page], browser_errors: BrowserErrors, locale: str
) -> None:
    """Also those without a button, which keys and context menus open."""
    browser_errors.ignore("Running the JavaScript URL violates")
    browser_errors.ignore("Executing inline script violates")
    page = write()
    page.set_extra_http_headers({"Accept-Language": locale})
    open_form(page)
    page.evaluate(
        """() => {
            const editor = CKEDITOR.instances.id_body_en
            editor.setData("<table><tr><td>Cell</td></tr></table>")
        }"""
    )
    text_of(page).get_by_text("Cell").click()
    for name in DIALOGS:
        page.evaluate("name => { CKEDITOR.instances.id_body_en.execCommand(name) }", name)
        dialog = page.locator(".cke_dialog:visible")
        expect(dialog).to_have_count(1)
        expect(dialog.locator(".cke_dialog_title")).not_to_be_empty()
        page.evaluate("CKEDITOR.dialog.getCurrent().hide()")
        expect(dialog).to_have_count(0)
    assert page.evaluate("CKEDITOR.instances.id_body_en.langCode") == locale.lower()


def test_full_screen_and_undo_work(write: Callable[..., Page]) -> None:
    page = write()
    editor = page.locator("#cke_id_body_en")
    editor.get_by_role("button", name="Maximize").click()
    box = editor.locator(".cke_maximized").bounding_box()
    assert (box["x"], box["y"], box["width"]) == (0, 0, 1280)
    text_of(page).click()
    page.keyboard.type("A plant")
    # The editor covers the sticky language tabs and shows the word count.
    assert page.evaluate("document.elementFromPoint(60, 15).closest('.cke_top') !== null")
    expect(editor.get_by_text("Words: 2")).to_be_in_viewport()
    editor.get_by_role("button", name="Maximize").click()
    editor.get_by_role("button", name="Undo").click()
    expect(text_of(page)).not_to_contain_text("A plant")


LEFTOVERS = (
    "style=", "class=", "<span", "<o:", "<div", "Mso", "dir=", "<b>", "<img", "·", "<u>",
)  # fmt: skip
STYLE = """(text) => [...text.querySelectorAll("p,h2,h3,h4,li,ul,ol,blockquote,table,th,td,a,"
  + "figcaption,caption,pre")].map((part) => {
    const style = getComputedStyle(part);
    // On the page, a table is in a region that scrolls.
    const outer = getComputedStyle(part.closest(".table-scroll > table")?.parentElement
      && part.matches("table") ? part.parentElement : part);
    return [part.tagName, outer.marginTop, ...["fontFamily", "fontSize", "lineHeight",
      "fontWeight", "color", "paddingLeft", "paddingRight", "textTransform", "borderTopStyle",
      "borderTopWidth", "backgroundColor", "textAlign", "listStyleType"
    ].map((name) => style[name])];
  })"""


def test_the_published_article_looks_as_in_the_editor(
    write: Callable[..., Page], crusher: Picture
) -> None:
    body = EVERYTHING.replace("/media/a.jpg", crusher.file.url)
    article = make_article(body=body)
    page = write(f"/admin/news/article/{article.pk}/change/")
    # Without figures, which the editor puts into an extra element.
    written = text_of(page).evaluate(STYLE)
    page.goto(article.get_absolute_url())
    published = page.locator("article .richtext").evaluate(STYLE)
    assert len(published) > 15
    for in_editor, on_page in zip(written, published, strict=True):
        assert in_editor == on_page


@pytest.mark.parametrize("source", [GOOGLE_DOCS, WORD], ids=["Google Docs", "Word"])
def test_pasted_text_is_cleaned(write: Callable[..., Page], source: str) -> None:
    page = write()
    paste(text_of(page), source)
    expect(text_of(page).locator("table")).to_contain_text("Cell")
    html = html_of(page)
    assert "<h2>Our plant</h2>" in html
    assert "<strong>26 tonnes</strong>" in html
    assert re.search(r"<em>\s*in all</em>", html)
    assert re.search(r"<ul>\s*<li>(<p>)?One(</p>)?</li>\s*</ul>", html)
    assert not re.search(r"<(p|h[2-4])>(\s|&nbsp;|<br\s*/?>|\xa0)*</\1>", html), html
    assert not re.search(r"</(p|h[2-4]|ul|table)>\s*<br", html), html
    for leftover in LEFTOVERS:
        assert leftover not in html, html
    assert clean_html(html).replace(' rel="nofollow noopener noreferrer"', "") == html


def test_a_pasted_image_of_another_site_is_removed_with_a_message(
    write: Callable[..., Page],
) -> None:
    page = write()
    paste(text_of(page), GOOGLE_DOCS)
    expect(page.get_by_text("An image from another website was not inserted.")).to_be_visible()
    html = html_of(page)
    assert '<a href="https://example.com/">' in html
    assert "<h4>Small print</h4>" in html


@pytest.mark.parametrize(
    ("html", "words", "characters"),
    [
        ("", 0, 0),
        ("<p>It weighs 26 tonnes</p>", 4, 19),
        ("<p>One</p><p>two</p>", 2, 7),
        ("<p>a <strong>b</strong>c</p>", 2, 4),
        ("<p>运往肯尼亚的破碎机</p>", 9, 9),
        ("<p>型号 PE600 破碎机</p>", 6, 12),
        ("<p>كسارة فكية</p>", 2, 10),
        ("<p>O’Neill’s well-known 1,200.5 t</p>", 4, 30),
    ],
)
def test_words_are_counted_by_the_rules_of_their_script(
    write: Callable[..., Page], html: str, words: int, characters: int
) -> None:
    page = write()
    page.evaluate("html => CKEDITOR.instances.id_body_en.setData(html)", html)
    line = page.locator("#cke_id_body_en .richtext-status")
    expect(line).to_contain_text(f"Words: {words} · Characters: {characters}")


def test_a_picture_without_alternative_text_is_marked_and_its_dialog_opened(
    write: Callable[..., Page], crusher: Picture, browser_errors: BrowserErrors
) -> None:
    browser_errors.ignore("Running the JavaScript URL violates")
    browser_errors.ignore("Executing inline script violates")
    article = make_article(body=f'<p>a</p><p><img src="{crusher.file.url}" alt=""></p>')
    page = write(f"/admin/news/article/{article.pk}/change/")
    warning = page.get_by_role("button", name="Images without alternative text: 1")
    expect(warning).to_be_visible()
    picture = text_of(page).locator("img[src*=pictures]")
    assert picture.evaluate("img => getComputedStyle(img).outlineStyle") == "dashed"
    expect(page.locator("#content-checks")).to_contain_text("1 image has no alternative text.")
    warning.click()
    dialog = page.get_by_role("dialog", name="Image Properties")
    dialog.get_by_label("Alternative Text").fill("A crusher")
    dialog.get_by_role("button", name="OK").click()
    expect(warning).to_be_hidden()
    expect(page.locator("#content-checks")).not_to_contain_text("no alternative text")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_is_inserted_from_the_library_with_its_alternative_text(
    write: Callable[..., Page], crusher: Picture, browser_errors: BrowserErrors, width: int
) -> None:
    other = SimpleUploadedFile("mixer.jpg", picture_file("JPEG", (300, 200)).read())
    add_picture(other, by=make_user())
    page = write(width=width)
    dialog = open_picture_dialog(page, browser_errors)
    dialog.get_by_role("button", name="Image library").click()
    library = page.get_by_role("dialog", name="Image library")
    expect(library.get_by_role("listitem")).to_have_count(2)
    assert library.evaluate("it => it.scrollWidth <= it.clientWidth")
    library.get_by_label("Name or alternative text").fill("truck")
    page.keyboard.press("Enter")
    expect(library.get_by_role("listitem")).to_have_count(1)
    expect(library.get_by_text("1 image", exact=True)).to_be_visible()
    thumbnail = library.locator("img")
    expect(thumbnail).to_have_js_property("complete", True)
    assert ".480.webp" in thumbnail.evaluate("img => img.currentSrc")
    library.get_by_role("button", name="crusher.jpg").click()
    expect(library).to_be_hidden()
    expect(dialog.get_by_label("URL")).to_have_value(crusher.file.url)
    expect(dialog.get_by_label("Alternative Text")).to_have_value("A crusher on a truck")
    expect(dialog.get_by_label("Alternative Text")).to_be_focused()
    dialog.get_by_role("button", name="OK").click()
    expect(text_of(page).get_by_role("img", name="A crusher on a truck")).to_be_visible()
    assert f'<img alt="A crusher on a truck" height="360" src="{crusher.file.url}"' in html_of(page)


def test_escape_closes_the_library_and_leaves_the_dialog_of_the_editor_open(
    write: Callable[..., Page], crusher: Picture, browser_errors: BrowserErrors
) -> None:
    page = write()
    dialog = open_picture_dialog(page, browser_errors)
    dialog.get_by_role("button", name="Image library").click()
    library = page.get_by_role("dialog", name="Image library")
    expect(library.get_by_label("Name or alternative text")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(library.get_by_role("button", name="crusher.jpg")).to_be_focused()
    page.keyboard.press("Escape")
    expect(library).to_be_hidden()
    expect(dialog).to_be_visible()


def test_an_unavailable_library_shows_a_message(
    write: Callable[..., Page], crusher: Picture, browser_errors: BrowserErrors
) -> None:
    browser_errors.ignore("403 for")
    page = write()
    dialog = open_picture_dialog(page, browser_errors)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    dialog.get_by_role("button", name="Image library").click()
    expect(page.get_by_text("The image library is not available.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_content_checks_update_while_the_text_is_typed(
    write: Callable[..., Page], width: int
) -> None:
    page = write(width=width)
    panel = page.get_by_role("region", name="Before publishing")
    expect(panel).to_contain_text("No content yet.")
    page.locator("#id_title_en").fill("The cOne Roadruction site")
    page.locator("#id_summary_en").fill("A summary.")
    text_of(page).fill("Dear {{name}}, the the plant is ready.")
    expect(panel).to_contain_text("find-and-replace error: cOne Roadruction")
    expect(panel).to_contain_text("to be filled in: {{name}}")
    expect(panel).to_contain_text("Repeated word: the the")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.locator("#id_title_en").fill("The construction site")
    text_of(page).fill("Dear Peter, the plant is ready.")
    expect(panel).not_to_contain_text("cOne")
    expect(panel).to_contain_text("2 suggestions.")  # the other languages
    assert not Article.objects.exists()


def test_a_finding_links_to_its_field_in_its_language(write: Callable[..., Page]) -> None:
    article = make_article(title_ar="TODO", body="<p>A</p>")
    page = write(f"/admin/news/article/{article.pk}/change/")
    panel = page.get_by_role("region", name="Before publishing")
    panel.get_by_role("link", name=re.compile("to be filled in: TODO")).click()
    expect(page.locator("#id_title_ar")).to_be_focused()
    panel.get_by_role("link", name=re.compile("text is not translated")).click()
    expect(text_of(page, "ar")).to_be_focused()


def test_failed_content_checks_show_a_message(
    write: Callable[..., Page], browser_errors: BrowserErrors
) -> None:
    browser_errors.ignore("content-checks")
    page = write()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("#id_title_en").fill("A plant")
    message = "Your text is kept in this browser."
    expect(page.locator("#content-checks [role=status]")).to_contain_text(message, timeout=10_000)
