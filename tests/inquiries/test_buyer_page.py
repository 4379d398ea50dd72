"""A buyer's page lists the inquiries of the buyer and of the same company."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.pagination import KeysetPaginator
from inquiries.admin.views import buyer
from inquiries.models import Inquiry
from inquiries.services import assign_inquiry, change_status, create_inquiry, record_event
from tests.factories import make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

ADMIN = "/admin/inquiries/inquiry/"


def buyer_url(inquiry: Inquiry) -> str:
    return f"{ADMIN}{inquiry.pk}/buyer/"


def test_it_lists_the_buyers_inquiries_and_separately_those_of_the_company(manager):
    july = make_contact(name="July")
    first = make_inquiry(company="Example GmbH", country="DE", phone="+49 30 123456")
    assign_inquiry(first, july, by=None)
    change_status(first, "won", by=None)
    line = {"product": make_product(name="Drill"), "quantity": 3}
    make_inquiry(email="PETER@Example.com", name="P. Sample", country="AT", lines=[line])
    make_inquiry(email="paula@example.com", name="Paula", company="EXAMPLE GMBH")
    make_inquiry(email="other@example.com", name="Stranger", company="Another Ltd.")
    make_inquiry(email="eve@example.com", name="Eve", company="")
    response = manager.get(buyer_url(first))
    page = response.content.decode()
    assert response.context["facts"]["times"] == 2
    assert response.context["facts"]["countries"] == ["Austria", "Germany"]
    assert [(v, n) for v, _, n in response.context["facts"]["statuses"]] == [("new", 1), ("won", 1)]
    for text in ("P. Sample", "3  × Drill".replace("  ", " "), "July", "+49 30 123456", "Paula"):
        assert text in page
    by_email, by_company = page.split('id="by-company"')
    assert "paula@example.com" not in by_email
    assert "paula@example.com" in by_company
    assert "Stranger" not in page
    assert "Eve" not in page


def test_an_inquiry_shows_how_many_inquiries_its_buyer_has_sent(manager, monkeypatch):
    first = make_inquiry()
    assert "1 inquiry from this buyer" in manager.get(f"{ADMIN}{first.pk}/change/").content.decode()
    make_inquiry(email="Peter@example.com")
    page = manager.get(f"{ADMIN}{first.pk}/change/").content.decode()
    assert "2 inquiries from this buyer" in page
    assert buyer_url(first) in page
    monkeypatch.setattr("inquiries.admin.inquiry.MAX_INQUIRIES", 1)
    page = manager.get(f"{ADMIN}{first.pk}/change/").content.decode()
    assert "more than 1 inquiries from this buyer" in page


def test_a_contact_sees_nothing_of_other_contacts_inquiries(as_user):
    user = make_user("Sales")
    july, abner = make_contact(name="July", user=user), make_contact(name="Abner")
    own, other = (make_inquiry(company="Example GmbH") for _ in range(2))
    colleague = make_inquiry(email="paula@example.com", name="Paula", company="Example GmbH")
    assign_inquiry(own, july, by=None)
    assign_inquiry(other, abner, by=None)
    client = as_user(user)
    page = client.get(buyer_url(own)).content.decode()
    for hidden in (other.reference, "Abner", "Paula", colleague.reference, "personal-data"):
        assert hidden not in page
    assert "1 inquiry from this buyer" in client.get(f"{ADMIN}{own.pk}/change/").content.decode()
    assert client.get(buyer_url(other)).status_code == 404
    assert client.get(f"{ADMIN}{2**70}/buyer/").status_code == 404


def test_other_staff_and_anonymous_visitors_have_no_access(as_user, client):
    inquiry = make_inquiry()
    assert as_user(make_user("Editors")).get(buyer_url(inquiry)).status_code == 403
    assert "/admin/login/" in client.get(buyer_url(inquiry)).url


def test_it_is_paginated_newest_first_with_a_constant_number_of_queries(
    manager, django_assert_num_queries, django_assert_max_num_queries
):
    inquiry = make_inquiry(company="Example GmbH")
    manager.get(buyer_url(inquiry))
    with django_assert_max_num_queries(30) as few:
        manager.get(buyer_url(inquiry))
    product = make_product()
    for number in range(25):
        at = timezone.now() - timedelta(days=number + 1)
        earlier = create_inquiry(
            name="P", email="peter@example.com", message="x", language="en", created_at=at
        )
        record_event(earlier, "received")
        earlier.lines.create(product=product, quantity=1)
    with django_assert_num_queries(len(few)):
        response = manager.get(buyer_url(inquiry))
    page = response.context["from_buyer"]
    assert [page.paginator.num_pages, page.object_list[0][0]] == [2, inquiry]
    assert len(manager.get(buyer_url(inquiry), {"page": "2"}).context["from_buyer"]) == 6
    assert manager.get(buyer_url(inquiry), {"page": "x", "company_page": "99"}).status_code == 200


def test_the_facts_and_each_page_read_a_bounded_number_of_inquiries(manager, monkeypatch):
    monkeypatch.setattr(buyer, "MAX_INQUIRIES", 3)
    monkeypatch.setattr(buyer, "PAGE_SIZE", 2)
    monkeypatch.setattr(KeysetPaginator, "MAX_NUMBERED", 1)
    names = [f"Peter {number}" for number in range(5)]
    inquiries = [make_inquiry(name=name) for name in names]
    first = timezone.now() - timedelta(days=900)
    Inquiry.objects.filter(pk=inquiries[0].pk).update(created_at=first)
    with CaptureQueriesContext(connection) as queries:
        page = manager.get(buyer_url(inquiries[0]))
    facts = page.context["facts"]
    assert (facts["times"], facts["has_more"], facts["first"]) == (3, True, first)
    assert facts["names"] == names[2:]
    assert facts["statuses"] == []
    assert "3+" in page.content.decode()
    read = [q["sql"] for q in queries if "LOWER(" in q["sql"]]
    assert all("LIMIT" in sql for sql in read), read
    shown = []
    while page.context["from_buyer"].has_next():
        shown += [row.name for row, _ in page.context["from_buyer"]]
        number = page.context["from_buyer"].next_page_number()
        page = manager.get(buyer_url(inquiries[0]), {"page": number})
    shown += [row.name for row, _ in page.context["from_buyer"]]
    assert shown == names[::-1]


@pytest.mark.parametrize(
    ("method", "index"),
    [("from_buyer", "inquiry_newest_of_buyer"), ("from_company", "inquiry_newest_of_company")],
)
def test_the_latest_inquiries_are_found_with_an_index(method, index):
    make_inquiry()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for step in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{step} = off")
    found = getattr(Inquiry.objects, method)("peter@example.com")
    plan = found.order_by("-created_at", "-pk").explain()
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_an_empty_email_or_company_matches_nothing():
    inquiry = make_inquiry()
    Inquiry.objects.update(email="")
    assert not Inquiry.objects.from_buyer("").exists()
    assert not Inquiry.objects.from_company("").exists()
    assert Inquiry.objects.filter(pk=inquiry.pk).exists()
