"""Writing, previewing, approving and comparing articles, by two people at once."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from news.models import Article, Category
from tests.browser.helpers import log_in, one_line_text
from tests.factories import make_article, make_user


def save(page: Page, name: str = "Save") -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_a_writers_changes_are_previewed_and_published_by_an_editor(
    open_browser: Callable[..., Page],
) -> None:
    make_user("Writers", username="writer")
    make_user("Editors", username="editor")
    article = make_article(title="A mill", body="<p>It grinds two tonnes.</p>")
    form = f"/admin/news/article/{article.pk}/change/"
    writer, editor, visitor = open_browser(), open_browser(), open_browser()

    log_in(writer, "writer")
    writer.goto(form)
    expect(writer.locator("#id_status")).to_be_disabled()
    writer.locator("#cke_id_body_en [contenteditable=true]").fill("It grinds three tonnes.")
    with writer.expect_popup() as popup:
        writer.get_by_role("button", name="Preview: English").first.click()
    preview = popup.value
    expect(preview.get_by_role("note")).to_contain_text("Preview")
    expect(preview.locator("article")).to_contain_text("three tonnes")
    preview.close()
    save(writer, "Submit for approval")
    expect(writer.get_by_text("Your changes were submitted for approval")).to_be_visible()

    visitor.goto(article.get_absolute_url())
    expect(visitor.locator("article")).to_contain_text("two tonnes")
    log_in(editor, "editor")
    editor.goto("/admin/news/article/?state=waiting")
    editor.get_by_role("link", name="A mill").click()
    editor.get_by_text("Share a preview link").click()
    link = editor.get_by_label("Link to the saved version").input_value()
    visitor.goto(link)
    expect(visitor.locator("article")).to_contain_text("three tonnes")

    editor.get_by_role("link", name="View changes").click()
    assert one_line_text(editor.locator(".compared-text")) == "It grinds twothree tonnes."
    expect(editor.locator(".compared-text del")).to_have_text("two")
    expect(editor.locator(".compared-text ins")).to_have_text("three")
    editor.get_by_role("link", name="Side by side").click()
    expect(editor.locator(".side-by-side .compared-text").first).to_have_text(
        "It grinds two tonnes."
    )
    editor.goto(form)
    save(editor, "Publish changes")
    expect(editor.get_by_text("was changed successfully")).to_be_visible()
    visitor.goto(article.get_absolute_url())
    expect(visitor.locator("article")).to_contain_text("three tonnes")


def test_enter_in_a_field_does_not_discard_pending_changes(open_admin: Callable[..., Page]) -> None:
    article = make_article(title="A mill")
    page = open_admin("Editors")
    page.goto(f"/admin/news/article/{article.pk}/change/")
    page.locator("#id_title_en").fill("Another mill")
    save(page, "Save as draft")
    expect(page.get_by_text("Your changes are saved as a draft")).to_be_visible()
    page.locator("#id_title_en").press("Enter")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    article.refresh_from_db()
    assert article.title == "Another mill"

    page.goto(f"/admin/news/article/{article.pk}/change/")
    page.locator("#id_title_en").fill("A third mill")
    save(page, "Save as draft")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_text("Unpublished changes discarded.")).to_be_visible()
    expect(page.locator("#id_title_en")).to_have_value("Another mill")


def test_the_second_of_two_editors_is_warned_of_the_conflict(
    open_admin: Callable[..., Page], open_browser: Callable[..., Page]
) -> None:
    article = make_article(title="A mill", status="draft")
    form = f"/admin/news/article/{article.pk}/change/"
    make_user("Editors", username="mei")
    mei, omar = open_browser(width=390), open_admin("Editors")
    log_in(mei, "mei")
    mei.goto(form)
    omar.goto(form)
    expect(omar.get_by_text("Opened recently: mei")).to_be_visible()
    mei.locator("#id_title_en").fill("Mei's mill")
    save(mei)
    expect(mei.get_by_text("was changed successfully")).to_be_visible()

    omar.locator("#id_title_en").fill("Omar's mill")
    save(omar)
    expect(omar.get_by_role("alert")).to_contain_text("mei saved this article at")
    expect(omar.locator("#id_title_en")).to_have_value("Omar's mill")
    with omar.expect_popup() as popup:
        omar.get_by_role("link", name="View changes").click()
    expect(popup.value.locator(".compared-text ins").first).to_have_text("Mei's")
    popup.value.close()
    omar.get_by_label("Save my version anyway").check()
    save(omar)
    expect(omar.get_by_text("was changed successfully")).to_be_visible()

    mei.goto(f"/admin/news/article/{article.pk}/history/")
    assert mei.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    expect(mei.locator(".versions tbody tr")).to_have_count(3)
    mei.get_by_role("button", name="Restore").first.click()
    expect(mei.get_by_text("The earlier version was restored")).to_be_visible()
    assert Article.objects.get().title == "Mei's mill"


def test_a_deleted_article_is_recovered(open_admin: Callable[..., Page]) -> None:
    article = make_article(title="A mill")
    page = open_admin("Editors")
    page.goto(f"/admin/news/article/{article.pk}/delete/")
    page.get_by_role("button", name="Yes, I’m sure").click()
    page.get_by_role("link", name="Deleted articles").click()
    row = page.get_by_role("row", name="A mill")
    row.get_by_role("button", name="Recover").click()
    expect(page.get_by_text("“A mill” was recovered as a draft.")).to_be_visible()
    expect(page.locator("#id_title_en")).to_have_value("A mill")


def test_selected_articles_are_moved_to_a_category(open_admin: Callable[..., Page]) -> None:
    category = Category.objects.create(name="Fairs")
    for number in range(3):
        make_article(title=f"Article {number}")
    page = open_admin("Editors")
    page.goto("/admin/news/article/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("Move to category")
    page.locator("select[name=category]").select_option("Fairs")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text("3 articles moved to Fairs.")).to_be_visible()
    assert Article.objects.filter(category=category).count() == 3
