"""What people do again and again."""

from playwright.sync_api import Locator, Page

PASSWORD = "secret"  # that of every account made by make_user


def log_in(page: Page, username: str, password: str = PASSWORD, at: str = "/admin/") -> None:
    page.goto(at)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()


def words(place: Locator) -> str:
    """The text of `place` as one line."""
    return " ".join(place.inner_text().split())
