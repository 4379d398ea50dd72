"""Unsaved text of the admin's forms is stored in the browser and can be restored."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from news.models import Article, Tag
from products.models import Product
from tests.browser.admin_form import (
    ADD,
    body,
    expect_drafts,
    open_form,
    stored_drafts,
    wait_for_draft,
    wait_until_ready,
    write_body,
)
from tests.browser.browser_errors import BrowserErrors
from tests.browser.helpers import log_in
from tests.factories import make_article, make_product, make_user

OFFER = "You have unsaved text from"


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    page = open_browser()
    log_in(page, make_user("Editors", username="writer").username)
    return page


def write_everything(page: Page, tag: Tag) -> None:
    page.locator("#id_title_en").fill("A plant for Kenya")
    write_body(page, "It weighs 26 tonnes.")
    page.get_by_role("tab", name="中文").click()
    page.locator("#id_title_zh_hans").fill("运往肯尼亚的破碎机")
    write_body(page, "重二十六吨。", "zh_hans")
    page.get_by_label("Featured").check()
    page.locator("#id_author").fill("July")
    page.locator(".field-tags .select2-selection").click()
    page.get_by_role("option", name=tag.name).click()
    wait_for_draft(page, "重二十六吨。")
    wait_for_draft(page, tag.name)


def assert_everything_is_restored(page: Page, tag: Tag) -> None:
    expect(page.locator("#id_title_en")).to_have_value("A plant for Kenya")
    expect(page.locator("#id_title_zh_hans")).to_have_value("运往肯尼亚的破碎机")
    expect(page.locator("#id_featured")).to_be_checked()
    expect(page.locator("#id_author")).to_have_value("July")
    expect(page.locator(".field-tags .select2-selection__choice")).to_contain_text(tag.name)
    assert body(page) == "<p>It weighs 26 tonnes.</p>"
    assert body(page, "zh_hans") == "<p>重二十六吨。</p>"


def restore(page: Page) -> None:
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text(OFFER)).to_be_hidden()


def test_a_draft_is_restored_after_a_crash_and_deleted_when_saved(page: Page) -> None:
    tag = Tag.objects.create(name="Mombasa")
    open_form(page)
    write_everything(page, tag)
    new_page = page.context.new_page()  # as after a crash: the old page is gone
    page.close(run_before_unload=False)
    open_form(new_page)
    expect(new_page.get_by_text(OFFER)).to_contain_text("“A plant for Kenya”")
    assert not new_page.locator("#id_title_en").input_value(), (
        "a draft is not restored automatically"
    )
    restore(new_page)
    assert_everything_is_restored(new_page, tag)
    new_page.get_by_role("button", name="Save", exact=True).first.click()
    expect(new_page.get_by_text("was added successfully")).to_be_visible()
    article = Article.objects.get()
    assert (article.title_zh_hans, article.body_en) == (
        "运往肯尼亚的破碎机",
        "<p>It weighs 26 tonnes.</p>",
    )
    assert list(article.tags.all()) == [tag]
    expect_drafts(new_page, 0)
    for path in (ADD, f"/admin/news/article/{article.pk}/change/"):
        open_form(new_page, path)
        expect(new_page.get_by_text(OFFER)).to_be_hidden()


def test_text_posted_after_the_session_expired_is_offered_after_log_in(
    page: Page,
) -> None:
    open_form(page)
    page.locator("#id_title_en").fill("A plant for Kenya")
    write_body(page, "It weighs 26 tonnes.")
    page.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("You were logged out.")).to_be_visible()
    log_in(page, "writer")
    open_form(page)
    restore(page)
    expect(page.locator("#id_title_en")).to_have_value("A plant for Kenya")
    assert body(page) == "<p>It weighs 26 tonnes.</p>"


def test_a_draft_is_deleted_when_saved_over_https_too(page: Page, settings: Any) -> None:
    # Chromium accepts the cookies of a site with HTTPS from 127.0.0.1.
    settings.SESSION_COOKIE_SECURE = True
    settings.SAVED_DRAFT_COOKIE_NAME = "__Host-saved_draft"
    open_form(page)
    page.locator("#id_title_en").fill("A plant for Kenya")
    wait_for_draft(page, "A plant for Kenya")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    expect_drafts(page, 0)
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert not any("saved_draft" in name for name in names)


def test_a_draft_is_not_offered_to_another_user_of_the_same_browser(page: Page) -> None:
    open_form(page)
    page.locator("#id_title_en").fill("A secret plant")
    wait_for_draft(page, "A secret plant")
    page.get_by_role("button", name="Log out").click()
    log_in(page, make_user("Editors").username, at="/admin/login/")
    open_form(page)
    expect(page.get_by_text(OFFER)).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text("A secret plant")
    page.get_by_role("button", name="Log out").click()
    log_in(page, "writer", at="/admin/login/")
    open_form(page)
    expect(page.get_by_text(OFFER)).to_be_visible()


def test_a_draft_survives_a_connection_lost_while_saving(
    page: Page, browser_errors: BrowserErrors
) -> None:
    open_form(page)
    page.locator("#id_title_en").fill("A plant for Kenya")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    open_form(page)
    restore(page)
    expect(page.locator("#id_title_en")).to_have_value("A plant for Kenya")


def test_a_discarded_draft_is_not_offered_again(page: Page) -> None:
    open_form(page)
    page.locator("#id_title_en").fill("A plant")
    wait_for_draft(page, "A plant")
    open_form(page)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text(OFFER)).to_be_hidden()
    expect_drafts(page, 0)
    open_form(page)
    expect(page.get_by_text(OFFER)).to_be_hidden()


def test_typing_beside_an_offered_draft_does_not_overwrite_it(page: Page) -> None:
    open_form(page)
    page.locator("#id_title_en").fill("The first plant")
    wait_for_draft(page, "The first plant")
    open_form(page)
    page.locator("#id_title_en").fill("The second plant")
    wait_for_draft(page, "The second plant")
    expect(page.get_by_text(OFFER)).to_contain_text("The first plant")
    open_form(page)
    expect(page.get_by_text(OFFER)).to_contain_text("The second plant")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text(OFFER)).to_contain_text("The first plant")


def test_an_invalid_form_keeps_its_draft_and_offers_nothing(page: Page) -> None:
    open_form(page)
    write_body(page, "It weighs 26 tonnes.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    wait_until_ready(page)
    expect(page.get_by_text(OFFER)).to_be_hidden()
    wait_for_draft(page, "It weighs 26 tonnes.")
    page.locator("#id_title_en").fill("A plant")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    expect_drafts(page, 0)


def test_the_offer_warns_if_the_object_was_saved_since(page: Page) -> None:
    article = make_article(title="A plant", body="<p>Old</p>")
    path = f"/admin/news/article/{article.pk}/change/"
    open_form(page, path)
    write_body(page, "My text")
    wait_for_draft(page, "My text")
    expect(page.get_by_text("The saved version has changed since then")).to_be_hidden()
    open_form(page, path)
    expect(page.get_by_text(OFFER)).to_be_visible()
    expect(page.get_by_text("The saved version has changed since then")).to_be_hidden()
    Article.objects.filter(pk=article.pk).update(body_en="<p>Another text</p>")
    open_form(page, path)
    expect(page.get_by_text("The saved version has changed since then")).to_be_visible()
    assert body(page) == "<p>Another text</p>"


def test_leaving_warns_only_about_unsaved_changes(page: Page) -> None:
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    article = make_article(body="<p>a</p><table><tr><td>b</td></tr></table>")
    path = f"/admin/news/article/{article.pk}/change/"
    open_form(page, path)
    page.locator("#id_title_en").click()  # an unchanged form is left without a warning
    page.goto("/admin/")
    assert dialogs == []
    open_form(page, path)
    page.locator("#id_title_en").press_sequentially("x")
    page.goto("/admin/")
    assert dialogs == ["beforeunload"]
    open_form(page, path)
    page.get_by_role("button", name="Discard").click()
    page.locator("#id_title_en").press_sequentially("x")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert dialogs == ["beforeunload"]
    expect_drafts(page, 0)


def test_pasted_image_data_and_very_long_texts_are_not_stored(page: Page) -> None:
    open_form(page)
    page.evaluate(
        "CKEDITOR.instances.id_body_en.setData("
        '\'<p>Seen<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>\')'
    )
    page.locator("#id_title_en").fill("A plant")
    wait_for_draft(page, "A plant")
    [draft] = [page.evaluate("key => localStorage[key]", key) for key in stored_drafts(page)]
    assert "Seen" in draft
    assert "data:" not in draft
    page.evaluate("CKEDITOR.instances.id_body_en.setData('a'.repeat(600000))")
    page.locator("#id_title_en").fill("A longer plant")
    expect(
        page.get_by_text("This text is too long to be backed up in the browser.")
    ).to_be_visible()


def test_old_drafts_and_drafts_of_older_versions_are_deleted(page: Page) -> None:
    old = (timezone.now() - timedelta(days=8)).timestamp() * 1000
    page.evaluate(
        """(at) => {
          localStorage["tradepost-draft:2:1:/admin/news/article/add/:aaaaaaaa"] =
            JSON.stringify({ at, base: {}, fields: {}, hidden: {} });
          localStorage["tradepost-draft:1:1:news.article:add:bbbbbbbb"] =
            JSON.stringify({ at: Date.now(), fields: {} });
          localStorage["tradepost-draft:2:1:/admin/news/article/add/:cccccccc"] = "no JSON";
          localStorage["another"] = "stays";
        }""",
        old,
    )
    open_form(page)
    expect_drafts(page, 0)
    assert page.evaluate("localStorage.another") == "stays"


def test_product_texts_and_inline_rows_are_restored(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    log_in(page, make_user("Managers").username)
    product = make_product()
    product.specifications.create(name="Weight", value="26 t")
    path = f"/admin/products/product/{product.pk}/change/"
    open_form(page, path)
    page.locator("#id_name_en").fill("A jaw crusher")
    page.locator("#specifications-group .add-row a").click()
    page.locator("#id_specifications-1-name_en").fill("Power")
    page.locator("#id_specifications-1-value_en").fill("110 kW")
    page.evaluate("CKEDITOR.instances.id_description_en.setData('<p>It crushes.</p>')")
    wait_for_draft(page, "110 kW")
    wait_for_draft(page, "It crushes.")
    open_form(page, path)
    restore(page)
    expect(page.locator("#id_name_en")).to_have_value("A jaw crusher")
    expect(page.locator("#id_specifications-1-value_en")).to_have_value("110 kW")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    product = Product.objects.get(pk=product.pk)
    assert (product.name_en, product.description_en) == ("A jaw crusher", "<p>It crushes.</p>")
    assert list(product.specifications.values_list("name_en", "value_en")) == [
        ("Weight", "26 t"),
        ("Power", "110 kW"),
    ]


@pytest.mark.parametrize("options", [{"width": 390}, {"color_scheme": "dark"}, {"locale": "ar"}])
def test_the_offer_fits_all_screen_sizes(open_browser: Callable[..., Page], options: dict) -> None:
    page = open_browser(**options)
    make_user("Editors", username="writer")
    page.goto("/admin/login/")
    page.locator("#id_username").fill("writer")
    page.locator("#id_password").fill("secret")
    page.keyboard.press("Enter")
    page.locator("#logout-form").wait_for(state="attached")
    open_form(page)
    page.locator("#id_title_en").fill("A plant for Kenya " * 10)
    wait_for_draft(page, "A plant")
    open_form(page)
    expect(page.locator("[data-restore]")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.locator("[data-restore]").press("Enter")
    expect(page.locator("#id_title_en")).to_have_value("A plant for Kenya " * 10)
