"""Unsaved text survives in every form of the admin: replies, contacts, users and so on."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect
from post_office.models import Email

from contacts.models import Company, Contact
from inquiries.models import AnswerTemplate, Inquiry
from inquiries.services import answer_inquiry, assign_inquiry
from tests.browser.admin_form import expect_drafts, open_form, wait_for_draft, wait_until_ready
from tests.browser.browser_errors import BrowserErrors
from tests.browser.helpers import log_in
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.urls import change_url

OFFER = "You have unsaved text from"
CHANGED = "The saved version has changed since then"


@pytest.fixture
def manager(open_browser: Callable[..., Page]) -> Page:
    page = open_browser()
    log_in(page, make_user("Managers", username="manager").username)
    return page


@pytest.fixture
def superuser(open_browser: Callable[..., Page]) -> Page:
    page = open_browser()
    log_in(page, make_user(username="root", is_superuser=True).username)
    return page


@pytest.fixture
def inquiry(site: str) -> Inquiry:
    inquiry = make_inquiry()
    assign_inquiry(inquiry, make_contact(name="Candy", email="candy@example.com"), by=None)
    Email.objects.all().delete()
    return inquiry


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).first.click()


def restore(page: Page) -> None:
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text(OFFER)).to_be_hidden()


def type_answer(page: Page, inquiry: Inquiry, text: str = "It costs 5.") -> None:
    open_form(page, change_url(inquiry))
    page.locator("#id_answer").fill(text)
    wait_for_draft(page, text)


def answers(inquiry: Inquiry) -> list[str]:
    return list(inquiry.events.filter(kind="answered").values_list("text", flat=True))


def test_an_answer_survives_a_crash_and_its_draft_is_deleted_when_sent(
    manager: Page, inquiry: Inquiry
) -> None:
    type_answer(manager, inquiry)
    manager.get_by_label("Internal note:").fill("A good buyer")
    wait_for_draft(manager, "A good buyer")
    page = manager.context.new_page()
    manager.close(run_before_unload=False)
    open_form(page, change_url(inquiry))
    expect(page.get_by_text(OFFER)).to_contain_text("“It costs 5.”")
    expect(page.get_by_text(CHANGED)).to_be_hidden()
    expect(page.locator("#id_answer")).to_have_value("")
    restore(page)
    save(page)
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert answers(inquiry) == ["It costs 5."]
    assert inquiry.events.get(kind="note").text == "A good buyer"
    expect_drafts(page, 0)
    open_form(page, change_url(inquiry))
    expect(page.get_by_text(OFFER)).to_be_hidden()


def test_a_reload_does_not_lose_an_answer(manager: Page, inquiry: Inquiry) -> None:
    type_answer(manager, inquiry)
    manager.reload()
    wait_until_ready(manager)
    if manager.get_by_text(OFFER).is_visible():
        restore(manager)
    expect(manager.locator("#id_answer")).to_have_value("It costs 5.")
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    assert answers(inquiry) == ["It costs 5."]
    expect_drafts(manager, 0)


def test_leaving_an_unsent_answer_warns(manager: Page, inquiry: Inquiry) -> None:
    dialogs = []
    manager.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    open_form(manager, change_url(inquiry))
    manager.locator("#id_answer").click()
    manager.goto("/admin/")
    assert dialogs == []
    open_form(manager, change_url(inquiry))
    manager.locator("#id_answer").press_sequentially("It")
    manager.goto("/admin/")
    assert dialogs == ["beforeunload"]


@pytest.mark.parametrize("way", ["logged out in another tab", "the session ended"])
def test_an_answer_sent_while_logged_out_is_sent_after_log_in(
    manager: Page, inquiry: Inquiry, way: str
) -> None:
    type_answer(manager, inquiry)
    if way == "the session ended":
        manager.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    else:
        other = manager.context.new_page()
        other.goto("/admin/")
        other.get_by_role("button", name="Log out").click()
        other.close()
    save(manager)
    expect(manager.get_by_text("You were logged out.")).to_be_visible()
    assert answers(inquiry) == []
    with manager.context.expect_page() as opened:
        manager.get_by_role("link", name="Log in").click()
    log_in(opened.value, "manager", at="/admin/login/")
    # Logging in changes the token, so that the form is shown once more.
    manager.get_by_role("button", name="Save now").click()
    assert "It costs 5." in str(stored_values(manager))
    manager.get_by_role("button", name="Save now").click()
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    assert answers(inquiry) == ["It costs 5."]
    expect_drafts(manager, 0)  # deleted after the repeated submission


def stored_values(page: Page) -> list[str]:
    return page.evaluate("Object.values({ ...localStorage })")


def test_an_answer_sent_while_logged_out_is_offered_when_the_page_is_opened_again(
    manager: Page, inquiry: Inquiry
) -> None:
    type_answer(manager, inquiry)
    manager.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    save(manager)
    expect(manager.get_by_text("You were logged out.")).to_be_visible()
    log_in(manager, "manager", at="/admin/login/")
    open_form(manager, change_url(inquiry))
    restore(manager)
    expect(manager.locator("#id_answer")).to_have_value("It costs 5.")


def test_an_answer_survives_an_offline_minute(
    manager: Page, inquiry: Inquiry, browser_errors: BrowserErrors
) -> None:
    type_answer(manager, inquiry)
    manager.context.set_offline(True)
    save(manager)
    manager.wait_for_url("chrome-error://**")
    manager.context.set_offline(False)
    open_form(manager, change_url(inquiry))
    restore(manager)
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    assert answers(inquiry) == ["It costs 5."]


def test_two_tabs_do_not_overwrite_each_other(manager: Page, inquiry: Inquiry) -> None:
    type_answer(manager, inquiry, "From the first tab")
    second = manager.context.new_page()
    type_answer(second, inquiry, "From the second tab")
    expect_drafts(second, 2)
    expect(second.get_by_text(OFFER)).to_contain_text("“From the first tab”")
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    expect(second.get_by_text(OFFER)).to_be_hidden()
    expect(second.locator("#id_answer")).to_have_value("From the second tab")
    expect_drafts(second, 1)


@pytest.mark.parametrize("way", ["open", "reload"])
def test_a_draft_answered_by_someone_else_meanwhile_is_not_sent_silently(
    manager: Page, inquiry: Inquiry, way: str
) -> None:
    type_answer(manager, inquiry)
    candy = make_user("Sales", username="candy")
    answer_inquiry(Inquiry.objects.get(), "It costs 4.", by=candy)
    if way == "open":
        open_form(manager, change_url(inquiry))
        expect(manager.get_by_text(CHANGED)).to_be_visible()
    else:
        manager.reload()
        wait_until_ready(manager)
    if manager.get_by_text(OFFER).is_visible():
        restore(manager)
    expect(manager.get_by_label("Status:")).to_have_value("answered")
    save(manager)
    expect(manager.get_by_text("candy replied to the buyer")).to_be_visible()
    assert answers(inquiry) == ["It costs 4."]
    expect(manager.locator("#id_answer")).to_have_value("It costs 5.")
    wait_until_ready(manager)
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    assert answers(inquiry) == ["It costs 4.", "It costs 5."]
    inquiry.refresh_from_db()
    assert inquiry.status == "answered"
    expect_drafts(manager, 0)


def test_an_answer_whose_response_was_lost_is_not_sent_twice(
    manager: Page, inquiry: Inquiry
) -> None:
    type_answer(manager, inquiry)
    answer_inquiry(Inquiry.objects.get(), "It costs 5.", by=User.objects.get(username="manager"))
    open_form(manager, change_url(inquiry))
    restore(manager)
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    assert answers(inquiry) == ["It costs 5."]


def test_an_inserted_template_is_part_of_the_draft(manager: Page, inquiry: Inquiry) -> None:
    AnswerTemplate.objects.create(name="Price", language="en", text="Our price list is attached.")
    type_answer(manager, inquiry, "Dear Peter,")
    manager.get_by_label("Template:").select_option("Price")
    manager.get_by_role("button", name="Insert template").click()
    answer = manager.locator("#id_answer")
    expect(answer).to_have_value("Dear Peter,\n\nOur price list is attached.")
    wait_until_ready(manager)
    expect(manager.get_by_text(OFFER)).to_be_hidden()
    wait_for_draft(manager, "Our price list is attached.")
    expect_drafts(manager, 1)
    page = manager.context.new_page()
    manager.close(run_before_unload=False)
    open_form(page, change_url(inquiry))
    restore(page)
    expect(page.locator("#id_answer")).to_have_value("Dear Peter,\n\nOur price list is attached.")
    save(page)
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect_drafts(page, 0)


def test_files_of_an_answer_are_restored_with_it(manager: Page, inquiry: Inquiry) -> None:
    open_form(manager, change_url(inquiry))
    manager.locator("#id_answer").fill("Here is our offer.")
    pdf = {"name": "offer.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\noffer"}
    manager.locator("#id_answer_files").set_input_files(pdf)
    expect(manager.get_by_label("offer.pdf")).to_be_checked()
    wait_for_draft(manager, "offer.pdf")
    manager.reload()
    wait_until_ready(manager)
    restore(manager)
    expect(manager.get_by_label("offer.pdf")).to_be_checked()
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    [event] = inquiry.events.filter(kind="answered")
    assert (event.text, event.attachments.get().name) == ("Here is our offer.", "offer.pdf")
    expect_drafts(manager, 0)


def test_an_inquiry_by_telephone_is_restored_and_saved_once(manager: Page, site: str) -> None:
    path = "/admin/inquiries/inquiry/add/"
    open_form(manager, path)
    manager.locator("#id_name").fill("Mary Kamau")
    manager.locator("#id_phone").fill("+254 20 1234567")
    manager.locator("#id_message").fill("Two jaw crushers")
    wait_for_draft(manager, "Two jaw crushers")
    page = manager.context.new_page()
    open_form(page, path)
    expect(page.get_by_text(OFFER)).to_contain_text("“Mary Kamau”")
    expect(page.get_by_text(CHANGED)).to_be_hidden()
    restore(page)
    page.get_by_role("button", name="Save inquiry").click()
    expect(page.get_by_text("was saved")).to_be_visible()
    manager.get_by_role("button", name="Save inquiry").click()
    expect(manager.get_by_text("was saved")).to_be_visible()
    assert Inquiry.objects.get().message == "Two jaw crushers"
    expect_drafts(page, 0)


def test_a_draft_is_not_offered_to_another_account_and_deleted_after_a_week(
    manager: Page, inquiry: Inquiry
) -> None:
    type_answer(manager, inquiry, "A secret price")
    manager.get_by_role("button", name="Log out").click()
    log_in(manager, make_user("Managers").username, at="/admin/login/")
    open_form(manager, change_url(inquiry))
    expect(manager.get_by_text(OFFER)).to_be_hidden()
    expect(manager.locator("body")).not_to_contain_text("A secret price")
    manager.evaluate(
        """() => {
          for (const [key, text] of Object.entries({ ...localStorage })) {
            if (!key.startsWith("tradepost-draft")) continue;
            const draft = JSON.parse(text);
            draft.at -= 8 * 24 * 3600 * 1000;
            localStorage[key] = JSON.stringify(draft);
          }
        }"""
    )
    manager.goto("/admin/")
    expect_drafts(manager, 0)


def test_a_contact_with_absences_is_restored(manager: Page) -> None:
    contact = make_contact(name="July", phone="1")
    path = f"/admin/contacts/contact/{contact.pk}/change/"
    open_form(manager, path)
    manager.locator("#id_phone").fill("+86 371 1234567")
    manager.locator("#id_is_active").uncheck()
    manager.locator("#absences-group .add-row a").click()
    manager.locator("[name=absences-0-first_day]").fill("2026-12-01")
    manager.locator("[name=absences-0-last_day]").fill("2026-12-24")
    wait_for_draft(manager, "2026-12-24")
    open_form(manager, path)
    restore(manager)
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.phone, contact.is_active, contact.name) == ("+86 371 1234567", False, "July")
    assert str(contact.absences.get().last_day) == "2026-12-24"


def test_the_company_is_restored_without_undoing_what_others_saved(manager: Page) -> None:
    open_form(manager, "/admin/contacts/company/")
    manager.locator("#id_hotline").fill("+86 400 123")
    wait_for_draft(manager, "+86 400 123")
    Company.objects.update(email="sales@example.com")
    open_form(manager, "/admin/contacts/company/")
    expect(manager.get_by_text(CHANGED)).to_be_hidden()
    restore(manager)
    save(manager)
    expect(manager.get_by_text("was changed successfully")).to_be_visible()
    company = Company.objects.get()
    assert (company.hotline, company.email) == ("+86 400 123", "sales@example.com")
    expect_drafts(manager, 0)


def test_a_new_user_is_restored_without_the_password(superuser: Page) -> None:
    open_form(superuser, "/admin/auth/user/add/")
    superuser.locator("#id_username").fill("abner")
    superuser.locator("#id_password1").fill("a-secret-word")
    superuser.locator("#id_password2").fill("a-secret-word")
    wait_for_draft(superuser, "abner")
    assert "a-secret-word" not in str(stored_values(superuser))
    # A browser extension may turn a password into a text field to show it.
    superuser.locator("#id_password1").evaluate("input => { input.type = 'text' }")
    superuser.locator("#id_username").fill("abner2")
    wait_for_draft(superuser, "abner2")
    assert "a-secret-word" not in str(stored_values(superuser))
    open_form(superuser, "/admin/auth/user/add/")
    restore(superuser)
    expect(superuser.locator("#id_username")).to_have_value("abner2")
    expect(superuser.locator("#id_password1")).to_have_value("")


def test_the_groups_of_a_user_are_restored(superuser: Page) -> None:
    user = make_user("Sales", username="abner")
    path = f"/admin/auth/user/{user.pk}/change/"
    open_form(superuser, path)
    expect_drafts(superuser, 0)
    superuser.locator("#id_last_name").fill("Lin")
    superuser.locator("#id_groups_from").select_option("Editors")
    superuser.locator("#id_groups_add").click()
    superuser.locator("#id_groups_to").select_option("Sales")
    superuser.locator("#id_groups_remove").click()
    wait_for_draft(superuser, "Editors")
    open_form(superuser, path)
    restore(superuser)
    save(superuser)
    expect(superuser.get_by_text("was changed successfully")).to_be_visible()
    user.refresh_from_db()
    assert user.last_name == "Lin"
    assert list(user.groups.all()) == [Group.objects.get(name="Editors")]


def test_lists_and_forms_without_text_store_nothing(manager: Page, inquiry: Inquiry) -> None:
    for path in (
        "/admin/inquiries/inquiry/",
        "/admin/products/category/",
        f"/admin/inquiries/inquiry/{inquiry.pk}/split/",
        "/admin/inquiries/assignmentrule/test/",
    ):
        manager.goto(path)
        expect(manager.locator("#content")).to_be_visible()
        manager.wait_for_load_state()
        assert manager.locator("#unsaved-text").count() == 0, path
