"""Files that are too large are refused before they are sent."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

TOO_LARGE = {"name": "a.png", "mimeType": "image/png", "buffer": b"x" * 41 * 1024 * 1024}
SHEET = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"name_en,category\nA,none\n"}


def message(page: Page, selector: str) -> str:
    text: str = page.locator(selector).evaluate("input => input.validationMessage")
    return text


def test_a_picture_that_is_too_large_is_not_sent(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Editors")
    page.goto("/admin/news/article/add/")
    page.locator("#id_title_en").fill("A crusher")
    page.locator("#id_cover").set_input_files(TOO_LARGE)
    text = "This image is larger than 40 MB. Reduce its size and upload it again."
    assert message(page, "#id_cover") == text
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Save", exact=True).first.click()
    assert "POST" not in sent
    page.locator("#id_cover").set_input_files([])
    assert message(page, "#id_cover") == ""


def test_a_sheet_that_is_too_large_is_not_sent(open_admin: Callable[..., Page]) -> None:
    page = open_admin("Managers")
    page.goto("/admin/products/product/import/")
    field = page.locator("#id_import_file")
    field.evaluate("input => input.dataset.maxBytes = 10")
    field.set_input_files(SHEET)
    assert message(page, "#id_import_file").endswith("40 MB. Import it in parts.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Nothing was imported")).to_have_count(0)
    field.evaluate("input => input.dataset.maxBytes = 1000")
    field.set_input_files(SHEET)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Nothing was imported")).to_be_visible()
