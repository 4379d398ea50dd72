"""Steps that many browser tests share."""

from playwright.sync_api import Locator, Page

PASSWORD = "secret"  # of every account made by make_user


def log_in(page: Page, username: str, password: str = PASSWORD, at: str = "/admin/") -> None:
    page.goto(at)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()


def one_line_text(element: Locator) -> str:
    """The text of an element on one line."""
    return " ".join(element.inner_text().split())
