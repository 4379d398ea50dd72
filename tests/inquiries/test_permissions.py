"""What each role may do with inquiries; test_permission_paths.py tries every URL of the admin."""

import pytest

from inquiries.models import Inquiry
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


@pytest.mark.parametrize("query", ["", "?q=Buyer", "?status__exact=assigned"])
def test_a_contact_finds_only_their_own_inquiries(seller, foreign, query):
    page = seller.get(LIST + query).content.decode()
    assert "My Buyer" in page
    assert "Other Buyer" not in page


def test_a_contact_cannot_assign_even_their_own_inquiries(seller, mine, foreign):
    abner = foreign.assigned_to
    page = seller.get(f"{LIST}{mine.pk}/change/").content.decode()
    assert 'name="contact"' not in page
    seller.post(f"{LIST}{mine.pk}/change/", {"new_status": "assigned", "contact": abner.pk})
    action = {"action": "assign", "contact": abner.pk, "_selected_action": [mine.pk, foreign.pk]}
    seller.post(LIST, action)
    mine.refresh_from_db()
    assert mine.assigned_to.name == "July"


def test_a_contact_cannot_delete_inquiries(seller, mine):
    assert seller.post(f"{LIST}{mine.pk}/delete/", {"post": "yes"}).status_code == 403
    seller.post(LIST, {"action": "delete_selected", "_selected_action": [mine.pk], "post": "yes"})
    assert Inquiry.objects.filter(pk=mine.pk).exists()


def test_a_manager_sees_every_inquiry(as_user, seller, foreign):
    page = as_user(make_user("Managers")).get(LIST).content.decode()
    assert "Other Buyer" in page
    assert "My Buyer" in page


@pytest.mark.parametrize("role", ["Editors", ""])
def test_other_staff_see_no_inquiries(as_user, foreign, role):
    client = as_user(make_user(role))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{foreign.pk}/change/").status_code == 403


def test_only_superusers_see_the_outbox(as_user, seller):
    assert seller.get("/admin/post_office/email/").status_code == 403
    assert as_user(make_user("Managers")).get("/admin/post_office/email/").status_code == 403
    admin = as_user(make_user(is_superuser=True))
    assert admin.get("/admin/post_office/email/").status_code == 200


def test_the_buyers_own_data_cannot_be_changed(seller, mine):
    seller.post(
        f"{LIST}{mine.pk}/change/", {"new_status": "assigned", "name": "X", "email": "x@y.z"}
    )
    mine.refresh_from_db()
    assert mine.name == "My Buyer"
