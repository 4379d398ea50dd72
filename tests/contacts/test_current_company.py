"""The company as each process knows it."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Absence, Company, Contact, Holiday, WorkingHours
from core.page_cache import redis
from core.page_cache.models import ContentChange
from core.page_cache.versions import publish, remembered_versions
from tests.factories import make_article, make_company, make_contact, make_product

# Each change must be committed, because a transaction that has changed the company reads the row.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def queries_of(action: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        action()
    return [query["sql"] for query in queries]


def read_company() -> object:
    return Company.current().name, Company.current().office_hours


def test_a_known_company_takes_one_short_query_in_a_request_or_none_with_redis() -> None:
    make_company()
    read_company()
    with remembered_versions():
        queries = queries_of(read_company)
    assert len(queries) == (0 if redis.is_configured() else 1)
    assert all("page_cache_contentchange" in query for query in queries)


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_company(name="New Name"),
        lambda: Company.objects.update(name="New Name"),
        lambda: WorkingHours.objects.create(
            company=Company.get_solo(), weekday=0, opens="08:00", closes="12:00"
        ),
        lambda: Holiday.objects.create(
            company=Company.get_solo(), name="Spring", first_day="2027-02-06", last_day="2027-02-12"
        ),
    ],
    ids=["saved", "updated", "hours", "holiday"],
)
def test_every_change_is_seen_at_once(change: Callable[[], object]) -> None:
    make_company(name="Old Name")
    before = read_company()
    change()
    assert read_company() != before
    company = Company.get_solo()
    assert read_company() == (company.name, company.office_hours)


def test_a_change_in_another_process_is_seen_by_the_next_request() -> None:
    make_company(name="Old Name")
    assert Company.current().name == "Old Name"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_company SET name = 'New', name_en = 'New'")
    assert Company.current().name == "Old Name", "nothing says that it changed"
    publish([ContentChange.objects.create(tag="site", token=12345)])
    assert Company.current().name == "New"


def test_a_transaction_sees_its_own_changes_and_leaves_none_if_it_is_rolled_back() -> None:
    make_company(name="Old Name")
    read_company()
    with transaction.atomic():
        for name in ("First", "Second"):
            make_company(name=name)
            assert Company.current().name == name
        with transaction.atomic():
            make_company(name="Third")
            assert Company.current().name == "Third"
            transaction.set_rollback(True)
        assert Company.current().name == "Second"
        transaction.set_rollback(True)
    assert Company.current().name == "Old Name"


def test_a_version_that_occurs_again_later_does_not_bring_back_the_company_of_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Old changes are deleted, so a process without requests may find the version it knows."""
    ContentChange.objects.all().delete()
    assert Company.current().name == ""
    make_company(name="New Name")
    ContentChange.objects.all().delete()
    monkeypatch.setattr("core.page_cache.copies.time.monotonic", lambda: 1e12)
    assert Company.current().name == "New Name"


def test_parts_of_every_page_show_each_change_at_once(visitor: Client) -> None:
    company = make_company(name="Old Name", address="Old Road", hotline="111")
    for number, path in enumerate(("/", "/news/", "/contacts/", "/inquiry/", "/zh-hans/")):
        assert company.name in visitor.get(path).text
        company.name, company.address = f"Name {number}", f"{number} Road"
        company.hotline, company.support_name = f"+86 371 000{number}", f"Support {number}"
        company.save()
        page = visitor.get(path).text
        for text in (company.name, company.hotline, company.support_name):
            assert text in page, (path, text)
        assert "Old" not in page
    contact = make_contact(name="July")
    assert "July" in visitor.get("/").text
    Contact.objects.filter(pk=contact.pk).update(name="Abner")
    for path in ("/", "/contacts/"):
        assert "July" not in visitor.get(path).text
        assert "Abner" in visitor.get(path).text


def test_the_cards_of_a_product_are_shared_but_not_their_links(visitor: Client) -> None:
    make_company()
    contact = make_contact(name="July", mobile="+86 178 3811 1234", whatsapp=True)
    first, second = make_product(name="Jaw <1>", slug="jaw"), make_product(name="Cone", slug="cone")
    pages = [visitor.get(row.get_absolute_url()).text for row in (first, second, make_article())]
    link = f"/inquiry/?contact={contact.pk}"
    assert f'href="{link}&amp;product=jaw"' in pages[0]
    assert f'href="{link}&amp;product=cone"' in pages[1]
    assert f'href="{link}"' in pages[2]
    chat = "https://wa.me/8617838111234?text=I%20have%20a%20question%20about%20"
    assert f"{chat}Jaw%20%3C1%3E" in pages[0]
    assert f"{chat}Cone" in pages[1]
    assert 'href="https://wa.me/8617838111234"' in pages[2]
    Absence.objects.create(
        contact=contact, first_day=Company.current().today, last_day=Company.current().today
    )
    assert "Out of office" in visitor.get(first.get_absolute_url()).text
