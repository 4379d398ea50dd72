"""The sales contacts' cards: their clocks and QR codes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.usefixtures("demo")
def test_clocks_tick_and_qr_codes_load_when_opened(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(390)
    page.clock.install(time="2026-11-25T01:12:00Z")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto("/contacts/")

    clocks = page.locator(".clock time")
    expect(clocks).to_have_text(["09:12", "05:12", "09:12"])
    page.clock.fast_forward("10:00")
    expect(clocks).to_have_text(["09:22", "05:22", "09:22"])

    assert not [url for url in requested if "/contacts/" in url and url.endswith(".svg")]
    page.get_by_text("QR code: July").click()
    code = page.get_by_alt_text("QR code with the contact details of July")
    expect(code).to_have_js_property("complete", True)
    assert code.evaluate("picture => picture.naturalWidth") > 0
