"""What each role may do with inquiries; test_permission_paths.py tries every URL of the admin."""

import pytest

from inquiries.models import Inquiry
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


@pytest.mark.parametrize("query", ["", "?q=Buyer", "?status__exact=assigned"])
def test_a_contact_finds_only_their_own_inquiries(seller, abners_inquiry, query):
    page = seller.get(LIST + query).content.decode()
    assert "My Buyer" in page
    assert "Other Buyer" not in page


def test_a_contact_cannot_assign_even_their_own_inquiries(seller, julys_inquiry, abners_inquiry):
    abner = abners_inquiry.assigned_to
    page = seller.get(f"{LIST}{julys_inquiry.pk}/change/").content.decode()
    assert 'name="contact"' not in page
    seller.post(
        f"{LIST}{julys_inquiry.pk}/change/", {"new_status": "assigned", "contact": abner.pk}
    )
    action = {
        "action": "assign",
        "contact": abner.pk,
        "_selected_action": [julys_inquiry.pk, abners_inquiry.pk],
    }
    seller.post(LIST, action)
    julys_inquiry.refresh_from_db()
    assert julys_inquiry.assigned_to.name == "July"


def test_a_contact_cannot_delete_inquiries(seller, julys_inquiry):
    assert seller.post(f"{LIST}{julys_inquiry.pk}/delete/", {"post": "yes"}).status_code == 403
    seller.post(
        LIST, {"action": "delete_selected", "_selected_action": [julys_inquiry.pk], "post": "yes"}
    )
    assert Inquiry.objects.filter(pk=julys_inquiry.pk).exists()


def test_a_manager_sees_every_inquiry(as_user, seller, abners_inquiry):
    page = as_user(make_user("Managers")).get(LIST).content.decode()
    assert "Other Buyer" in page
    assert "My Buyer" in page


@pytest.mark.parametrize("role", ["Editors", ""])
def test_other_staff_see_no_inquiries(as_user, abners_inquiry, role):
    client = as_user(make_user(role))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{abners_inquiry.pk}/change/").status_code == 403


def test_only_superusers_see_the_outbox(as_user, seller):
    assert seller.get("/admin/post_office/email/").status_code == 403
    assert as_user(make_user("Managers")).get("/admin/post_office/email/").status_code == 403
    admin = as_user(make_user(is_superuser=True))
    assert admin.get("/admin/post_office/email/").status_code == 200


def test_the_buyers_own_data_cannot_be_changed(seller, julys_inquiry):
    seller.post(
        f"{LIST}{julys_inquiry.pk}/change/",
        {"new_status": "assigned", "name": "X", "email": "x@y.z"},
    )
    julys_inquiry.refresh_from_db()
    assert julys_inquiry.name == "My Buyer"
