"""A manager invites a colleague, who creates the account and logs in."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from post_office.models import Email

from contacts.models import Contact

NEW_PASSWORD = "gravel-and-cone-crushers-9"


def test_a_colleague_is_invited_and_logs_in(
    open_admin: Callable[..., Page], open_browser: Callable[..., Page]
) -> None:
    manager = open_admin("Managers")
    manager.goto("/admin/")
    manager.get_by_role("link", name="Invite a colleague").click()
    manager.get_by_label("E-mail").fill("mei@example.com")
    manager.get_by_label("Role").select_option(label="Sales")
    manager.get_by_label("Create a contact card").check()
    manager.get_by_role("button", name="Save", exact=True).click()
    expect(manager.get_by_role("link", name="mei@example.com").first).to_be_visible()

    [link] = re.findall(r"http://\S+/invitation/\S+", Email.objects.get().message)
    colleague = open_browser(390, java_script_enabled=False)
    colleague.goto(link)
    colleague.get_by_label("Username").fill("mei")
    colleague.get_by_label("First name").fill("Mei")
    colleague.get_by_label("Password:", exact=True).fill(NEW_PASSWORD)
    colleague.get_by_label("Password confirmation").fill(NEW_PASSWORD)
    colleague.get_by_role("button", name="Create the account").click()
    expect(colleague.get_by_text("Your account is ready.")).to_be_visible()
    colleague.get_by_label("Username").fill("mei")
    colleague.get_by_label("Password").fill(NEW_PASSWORD)
    colleague.get_by_role("button", name="Log in").click()
    expect(colleague.get_by_role("button", name="Log out")).to_be_visible()
    assert Contact.objects.get().user.username == "mei"
