"""The list of inquiries: filters, search, and queries that read a bounded number of rows."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_countries.fields import CountryField

from core.pagination import BoundedPaginator
from inquiries.admin import InquiryAdmin
from inquiries.models import Inquiry, querysets
from inquiries.services import assign_inquiry, record_event
from tests.factories import make_company, make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


def listed_names(page) -> set[str]:
    return {inquiry.name for inquiry in page.context["cl"].result_list}


def make_inquiry_at(name: str, *when: int) -> Inquiry:
    inquiry = make_inquiry(name=name, email=f"{name}@example.com")
    Inquiry.objects.filter(pk=inquiry.pk).update(created_at=datetime(*when, tzinfo=UTC))
    return inquiry


def test_the_paginator_counts_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "MAX_COUNT", 3)
    for _ in range(3):
        make_inquiry()
    pages = BoundedPaginator(Inquiry.objects.order_by("pk"), 2)
    assert (pages.count, pages.num_pages, pages.has_more) == (3, 2, False)
    make_inquiry()
    pages = BoundedPaginator(Inquiry.objects.order_by("pk"), 2)
    with CaptureQueriesContext(connection) as queries:
        assert (pages.count, pages.num_pages, pages.has_more) == (3, 2, True)
    assert len(queries) == 1
    assert "LIMIT 4" in queries[0]["sql"]


@pytest.mark.parametrize("query", ["", "?q=Peter", "?received=2026", "?_facets=True"])
def test_every_query_reads_a_bounded_number_of_rows(manager, monkeypatch, query):
    monkeypatch.setattr(InquiryAdmin, "list_per_page", 1)
    monkeypatch.setattr(InquiryAdmin, "list_max_show_all", 1)
    make_inquiry(), make_inquiry()
    with CaptureQueriesContext(connection) as queries:
        manager.get(LIST + query)
    selects = [query["sql"] for query in queries if 'FROM "inquiries_inquiry"' in query["sql"]]
    assert selects
    for sql in selects:
        assert "LIMIT" in sql or "MIN(" in sql or '"id" IN (' in sql, sql


def test_the_list_filters_by_month_and_year(manager):
    make_inquiry_at("March", 2026, 3, 31, 23, 59)
    make_inquiry_at("April", 2026, 4, 1)
    make_inquiry_at("Before", 2025, 12, 31)
    assert listed_names(manager.get(f"{LIST}?received=2026-03")) == {"March"}
    assert listed_names(manager.get(f"{LIST}?received=2026")) == {"March", "April"}
    assert listed_names(manager.get(f"{LIST}?received=2025-12")) == {"Before"}


def test_months_are_in_the_companys_time_zone(manager):
    make_company(time_zone="Asia/Shanghai")
    make_inquiry_at("April there", 2026, 3, 31, 16, 30)
    assert listed_names(manager.get(f"{LIST}?received=2026-04")) == {"April there"}
    assert listed_names(manager.get(f"{LIST}?received=2026-03")) == set()


@pytest.mark.parametrize("value", ["soon", "2026-13", "0001-01", "9999", "2026-3-1", "٢٠٢٦"])
def test_an_invalid_period_redirects_to_the_list(manager, value):
    make_inquiry()
    response = manager.get(LIST, {"received": value})
    assert response.status_code == 302
    assert response.url == f"{LIST}?e=1"


def test_recent_countries_are_listed_and_any_other_is_accepted(manager):
    make_inquiry(name="From Germany", country="DE")
    make_inquiry(name="From nowhere")
    page = manager.get(f"{LIST}?country=DE")
    assert listed_names(page) == {"From Germany"}
    assert "Germany" in page.content.decode()
    assert listed_names(manager.get(f"{LIST}?country=KE")) == set()
    assert manager.get(f"{LIST}?country=nonsense").status_code == 200


def test_the_list_of_all_countries_is_not_built_for_each_row(manager, monkeypatch):
    for code in ("DE", "KE", ""):
        make_inquiry(country=code)
    manager.get(LIST)
    built = []
    monkeypatch.setattr(CountryField, "flatchoices", property(built.append))
    page = manager.get(LIST).content.decode()
    cells = re.findall('<td class="field-country">(.*?)</td>', page)
    assert cells == ["–", "Kenya", "Germany"]
    assert not built


def test_a_contact_is_offered_the_countries_of_their_own_inquiries(as_user):
    user = make_user("Sales")
    assign_inquiry(make_inquiry(country="DE"), make_contact(user=user), by=None)
    assign_inquiry(make_inquiry(country="KE"), make_contact(), by=None)
    page = as_user(user).get(LIST).content.decode()
    assert "country=DE" in page
    assert "country=KE" not in page


@pytest.mark.parametrize("max_keys", [1, 1000])
def test_held_inquiries_of_a_contact_are_listed_without_reading_the_others(
    manager, monkeypatch, max_keys
):
    monkeypatch.setattr(querysets, "MAX_KEYS", max_keys)
    july, abner = make_contact(name="July"), make_contact(name="Abner")
    for contact in (july, july, abner):
        for name, status in [("Spam", "spam"), ("Message", "assigned"), ("Other", "assigned")]:
            inquiry = make_inquiry(name=f"{name} of {contact}")
            Inquiry.objects.filter(pk=inquiry.pk).update(assigned_to=contact, status=status)
            if name == "Message":
                record_event(inquiry, "held_message", text="Buy links")
    with CaptureQueriesContext(connection) as queries:
        page = manager.get(f"{LIST}?held=yes&assigned_to__id__exact={july.pk}")
    assert listed_names(page) == {"Spam of July", "Message of July"}
    assert page.context["cl"].result_count == 4
    lists = [query["sql"] for query in queries if 'FROM "inquiries_inquiry"' in query["sql"]]
    assert any(" OR " in sql for sql in lists) == (max_keys == 1)
    assert listed_names(manager.get(f"{LIST}?held=yes")) == {
        f"{name} of {contact}" for name in ("Spam", "Message") for contact in (july, abner)
    }


@pytest.mark.parametrize("searched", ["sample", "SAMPLE", "er Sam", "peter@", "Muster", "ample.c"])
def test_the_search_finds_parts_of_words(manager, searched):
    make_inquiry(company="Muster GmbH")
    assert listed_names(manager.get(LIST, {"q": searched})) == {"Peter Sample"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads the table")
@pytest.mark.parametrize("searched", ["sample", "ample muster"])
def test_the_search_uses_an_index_on_postgresql(manager, searched):
    make_inquiry()
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        manager.get(LIST, {"q": searched})
        search = next(query["sql"] for query in queries if "LIKE" in query["sql"])
        for strategy in ("seqscan", "indexscan", "nestloop"):  # which are faster for a few rows
            cursor.execute(f"SET LOCAL enable_{strategy} = off")
        cursor.execute(f"EXPLAIN {search}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "inquiry_search_text" in plan
