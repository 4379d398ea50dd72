"""Forms of the admin, above all that of an article, and their drafts in the browser."""

from playwright.sync_api import Page

ADD = "/admin/news/article/add/"


def open_form(page: Page, path: str = ADD) -> None:
    page.goto(path)
    wait_until_ready(page)


def wait_until_ready(page: Page) -> None:
    page.locator("#unsaved-text[data-ready]").wait_for(state="attached")


def body(page: Page, language: str = "en") -> str:
    return page.evaluate(f"CKEDITOR.instances.id_body_{language}.getData()").strip()


def write_body(page: Page, text: str, language: str = "en") -> None:
    page.locator(f"#cke_id_body_{language} [contenteditable=true]").first.fill(text)


def stored_drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('tradepost-draft'))")


def expect_drafts(page: Page, number: int) -> None:
    """Wait until this tab knows of so many drafts; it learns late what another tab has deleted."""
    page.wait_for_function(
        "(number) => Object.keys(localStorage)"
        ".filter((key) => key.startsWith('tradepost-draft')).length === number",
        arg=number,
    )


def wait_for_draft(page: Page, text: str) -> None:
    page.wait_for_function(
        "(text) => Object.values({ ...localStorage }).some((draft) => draft.includes(text))",
        arg=text,
    )
