"""Setting up a second factor in a browser, and logging in with it."""

from collections.abc import Callable

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from tests.browser.helpers import PASSWORD
from tests.factories import make_user


def test_a_second_factor_is_set_up_and_asked_for_without_javascript(
    open_browser: Callable[..., Page],
) -> None:
    user = make_user("Editors")
    page = open_browser(390, java_script_enabled=False)
    page.goto("/admin/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Second factor").click()
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.naturalWidth") > 100
    device = TOTPDevice.objects.get(user=user)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code").fill(f"{totp(device.bin_key):06}")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as a file").click()
    code = download.value.path().read_text().split()[2]
    page.get_by_role("button", name="Log out").click()

    page.goto("/admin/news/article/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url("/admin/news/article/")
