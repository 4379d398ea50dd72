"""The form of a page with its blocks, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from core.pages.models import Page
from core.pages.stored_blocks import text_block
from tests.browser.admin_form import open_form
from tests.browser.browser_errors import BrowserErrors
from tests.factories import make_page

ADD = "/admin/pages/page/add/"


def headings(page: BrowserPage) -> list[str]:
    """What is typed as the heading of each block, in order."""
    inputs = page.locator(".block-list > li input[name$=-heading_en]")
    return [each.input_value() for each in inputs.all()]


def add_block(page: BrowserPage, kind: str, heading: str) -> None:
    count = page.locator(".block-list > li").count()
    page.select_option("[name=new_block]", kind)
    page.get_by_role("button", name="Add block").click()
    expect(page.locator(".block-list > li")).to_have_count(count + 1)
    page.locator(".block-list > li").last.locator("input[name$=-heading_en]").fill(heading)


@pytest.fixture
def two_blocks() -> Page:
    first, second = text_block({"en": "<p>One</p>"}), text_block({"en": "<p>Two</p>"})
    first["values"]["heading"], second["values"]["heading"] = {"en": "First"}, {"en": "Second"}
    return make_page(blocks=[first, second])


def test_blocks_are_added_moved_copied_and_deleted(open_admin: Callable[..., BrowserPage]) -> None:
    page = open_admin("Editors")
    open_form(page, ADD)
    page.fill("[name=title_en]", "About us")
    page.fill("[name=slug]", "about")
    page.select_option("[name=status]", "published")
    add_block(page, "text", "First")
    editor = page.locator(".block-list > li").last.locator("[contenteditable=true]").first
    editor.fill("Text of the first block")
    add_block(page, "text", "Second")
    assert page.locator("[name=title_en]").input_value() == "About us"
    page.get_by_role("button", name="Move up: Text").last.press("Enter")
    assert headings(page) == ["Second", "First"]
    expect(page.locator("#blocks [data-moved]")).to_have_text("Moved to position 1.")
    page.get_by_role("button", name="Copy: Text").last.click()
    expect(page.locator(".block-list > li")).to_have_count(3)
    assert headings(page) == ["Second", "First", "First"]
    page.get_by_role("button", name="Delete: Text").first.click()
    assert headings(page) == ["First", "First"]
    page.locator("[name=_save]").first.click()
    page.goto("/about/")
    expect(page.locator("main h2")).to_have_text(["First", "First"])
    expect(page.locator("main .richtext")).to_have_text(["Text of the first block"] * 2)


def test_a_block_is_dragged_by_its_handle(
    open_admin: Callable[..., BrowserPage], two_blocks: Page
) -> None:
    page = open_admin("Editors")
    open_form(page, f"/admin/pages/page/{two_blocks.pk}/change/")
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.locator(".block-handle").nth(1).hover()
    page.mouse.down()
    target = page.locator(".block-list > li h3").first.bounding_box()
    assert target
    page.mouse.move(target["x"] + 20, target["y"] + 5, steps=10)
    page.mouse.up()
    assert headings(page) == ["Second", "First"]
    page.locator("[name=_save]").first.click()
    page.goto("/about/")
    expect(page.locator("main h2")).to_have_text(["Second", "First"])


def test_the_tabs_of_languages_show_the_texts_of_blocks(
    open_admin: Callable[..., BrowserPage], two_blocks: Page
) -> None:
    page = open_admin("Editors")
    open_form(page, f"/admin/pages/page/{two_blocks.pk}/change/")
    arabic = page.locator("input[name$=-heading_ar]")
    expect(arabic.first).to_be_hidden()
    page.get_by_role("tab", name="العربية").click()
    expect(arabic.first).to_be_visible()
    expect(page.locator("input[name$=-heading_en]").first).to_be_hidden()


def test_blocks_can_be_arranged_without_javascript(
    open_admin: Callable[..., BrowserPage], two_blocks: Page
) -> None:
    page = open_admin("Editors", java_script_enabled=False)
    page.goto(f"/admin/pages/page/{two_blocks.pk}/change/")
    page.locator("input[name$=-heading_en]").first.fill("Typed")
    page.get_by_role("button", name="Move down: Text").first.click()
    assert headings(page) == ["Second", "Typed"]
    page.select_option("[name=new_block]", "text")
    page.get_by_role("button", name="Add block").click()
    assert headings(page) == ["Second", "Typed", ""]
    page.locator("[name=_save]").first.click()
    page.goto("/about/")
    expect(page.locator("main h2")).to_have_text(["Second", "Typed"])


def test_questions_are_added_within_their_block(open_admin: Callable[..., BrowserPage]) -> None:
    page = open_admin("Editors")
    open_form(page, ADD)
    page.fill("[name=title_en]", "About us")
    page.fill("[name=slug]", "about")
    page.select_option("[name=status]", "published")
    add_block(page, "faq", "Questions")
    page.get_by_role("button", name="Add: Question").click()
    entries = page.locator(".entry-list > li")
    expect(entries).to_have_count(2)
    for number, text in enumerate(("Which?", "How long?")):
        entries.nth(number).locator("[name$=-question_en]").fill(text)
        entries.nth(number).locator("[name$=-answer_en]").fill("Ask us.")
    page.get_by_role("button", name="Move up: Question", exact=True).last.click()
    page.locator("[name=_save]").first.click()
    page.goto("/about/")
    expect(page.locator("summary")).to_contain_text(["How long?", "Which?"])


def test_a_video_elsewhere_is_loaded_by_a_click_only(
    open_browser: Callable[..., BrowserPage], browser_errors: BrowserErrors
) -> None:
    browser_errors.ignore("another host: https://www.youtube-nocookie.com/embed/")
    values = {"heading": {"en": "Film"}, "url": "https://youtu.be/dQw4w9WgXcQ"}
    make_page(blocks=[{"kind": "video", "id": "b1", "hidden": False, "values": values}])
    page = open_browser()
    loaded: list[str] = []
    player = "https://www.youtube-nocookie.com/**"
    page.route(player, lambda route: route.fulfill(body="<p>Player</p>", content_type="text/html"))
    page.on("request", lambda request: loaded.append(request.url))
    page.goto("/about/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in loaded if "youtu" in url]
    page.get_by_role("link", name="Play video").click()
    expect(page.frame_locator("iframe").locator("p")).to_have_text("Player")
    assert [url for url in loaded if "youtube-nocookie.com/embed/dQw4w9WgXcQ" in url]


def test_a_preview_opens_with_what_is_typed(
    open_admin: Callable[..., BrowserPage], two_blocks: Page
) -> None:
    page = open_admin("Editors")
    open_form(page, f"/admin/pages/page/{two_blocks.pk}/change/")
    page.locator("input[name$=-heading_en]").first.fill("Typed")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Preview: English").first.click()
    expect(popup.value.locator("main h2").first).to_have_text("Typed")
