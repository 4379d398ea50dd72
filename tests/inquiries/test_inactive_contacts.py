"""Inactive contacts: their open inquiries can be reassigned at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from inquiries.services import assign_inquiry, change_status
from tests.factories import make_contact, make_inquiry
from tests.news.steps import form_data

pytestmark = pytest.mark.django_db

CONTACTS = "/admin/contacts/contact/"


def assign_new_inquiry(contact: Contact, **fields):
    inquiry = make_inquiry(**fields)
    assign_inquiry(inquiry, contact, by=None)
    return inquiry


def form_url(contact: Contact) -> str:
    return f"{CONTACTS}{contact.pk}/change/"


def form_values(client, contact: Contact) -> dict:
    page = client.get(form_url(contact))
    sent = form_data(page)
    for rows in page.context["inline_admin_formsets"]:
        for field in rows.formset.management_form:
            sent[field.html_name] = field.value()
    return sent


def deactivate(client, contact: Contact, **fields):
    sent = form_values(client, contact)
    del sent["is_active"]
    return client.post(form_url(contact), sent | fields, follow=True)


@pytest.mark.parametrize("button", ["_save", "_continue"])
def test_deactivating_a_contact_redirects_to_their_open_inquiries(manager, candy, button):
    open_inquiries = [assign_new_inquiry(candy), assign_new_inquiry(candy)]
    change_status(assign_new_inquiry(candy), "won", by=None)
    assign_new_inquiry(make_contact())
    page = deactivate(manager, candy, **{button: "1"})
    assert "Candy is inactive and has 2 open inquiries." in page.content.decode()
    assert set(page.context["cl"].result_list) == set(open_inquiries)
    action = page.context["action_form"]
    assert "assign" in dict(action.fields["action"].choices)
    other = make_contact(name="Abner")
    chosen = {
        "action": "assign",
        "contact": other.pk,
        "_selected_action": [i.pk for i in open_inquiries],
    }
    manager.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], chosen)
    assert other.inquiries.count() == 2


def test_deactivating_a_contact_without_open_inquiries_redirects_to_the_list(manager, candy):
    change_status(assign_new_inquiry(candy), "won", by=None)
    page = deactivate(manager, candy, _save="1")
    assert page.request["PATH_INFO"] == CONTACTS
    candy.refresh_from_db()
    assert not candy.is_active


def test_other_changes_do_not_redirect_to_the_inquiries(manager, candy):
    assign_new_inquiry(candy)
    sent = form_values(manager, candy) | {"_save": "1", "title_en": "Sales"}
    assert manager.post(form_url(candy), sent).url == CONTACTS
    assert manager.get(f"{CONTACTS}add/").status_code == 200


def test_the_open_inquiries_of_a_contact_are_counted_and_linked(manager, candy):
    assign_new_inquiry(candy)
    change_status(assign_new_inquiry(candy), "lost", by=None)
    link = (
        f'<a href="/admin/inquiries/inquiry/?assigned_to__id__exact={candy.pk}&amp;open=yes">1</a>'
    )
    assert link in manager.get(CONTACTS).content.decode()
    assert link in manager.get(form_url(candy)).content.decode()


def test_the_number_of_queries_does_not_depend_on_the_contacts(manager, candy):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            manager.get(CONTACTS)
        return len(queries)

    assign_new_inquiry(candy)
    count()
    few = count()
    for _ in range(10):
        assign_new_inquiry(make_contact(name="Another"))
    assert count() == few


def test_a_contact_with_inquiries_is_not_deleted_and_the_reason_is_shown(manager, candy):
    change_status(assign_new_inquiry(candy), "won", by=None)
    without_inquiries = make_contact(name="Without inquiries")
    for sent in (None, {"post": "yes"}):
        url = f"{CONTACTS}{candy.pk}/delete/"
        page = manager.post(url, sent) if sent else manager.get(url)
        text = page.content.decode()
        assert "cannot be deleted" in text
        assert f'?assigned_to__id__exact={candy.pk}">Candy: 1 inquiry</a>' in text
    chosen = {
        "action": "delete_selected",
        "_selected_action": [candy.pk, without_inquiries.pk],
        "post": "yes",
    }
    assert "Candy: 1 inquiry" in manager.post(CONTACTS, chosen).content.decode()
    assert Contact.objects.count() == 2
    assert (
        manager.post(f"{CONTACTS}{without_inquiries.pk}/delete/", {"post": "yes"}).status_code
        == 302
    )
    assert list(Contact.objects.all()) == [candy]
