"""Exporting inquiries to spreadsheets."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from contacts.models import Contact
from core.spreadsheets.formats import CSV, XLSX
from inquiries.models import Inquiry
from inquiries.services import assign_inquiry, change_status
from tests.factories import make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"
FORMATS = {CSV: "0", XLSX: "1"}


@pytest.fixture
def july(as_user):
    user = make_user("Sales", username="july")
    make_contact(name="July", user=user)
    return as_user(user)


def export(client, query: str = "", kind: type = CSV, **chosen: object) -> list[dict]:
    data = {"format": FORMATS[kind], "resource": "0", **chosen}
    response = client.post(f"{LIST}export/{query}", data)
    assert response.status_code == 200
    assert "attachment" in response.headers.get("Content-Disposition", ""), response.content
    rows: list[dict] = kind().create_dataset(response.content).dict
    return rows


@pytest.mark.parametrize("kind", FORMATS)
def test_a_row_has_all_columns_of_the_inquiry(manager, kind):
    line = {"product": make_product(name="Jaw crusher"), "quantity": 2, "unit": "set"}
    inquiry = make_inquiry(
        lines=[line], country="DE", incoterm="FOB", source="product", company="Muster GmbH"
    )
    assign_inquiry(inquiry, make_contact(name="July"), by=None)
    (row,) = export(manager, kind=kind)
    expected = {
        "reference": inquiry.reference,
        "status": "Assigned",
        "name": "Peter Sample",
        "company": "Muster GmbH",
        "e-mail": "peter@example.com",
        "country": "Germany",
        "products": "2 set × Jaw crusher",
        "message": "What does it cost?",
        "trade terms": "Incoterm (2020): FOB",
        "source": "Product",
        "assigned to": "July",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["received (UTC)"].startswith(f"{inquiry.created_at:%Y-%m-%d %H:%M:%S}")


@pytest.mark.parametrize("query", ["?status__exact=new", "?q=Muster", "?country=DE",
                                   "?source__exact=basket", "?received=2026-03"])  # fmt: skip
def test_the_export_follows_the_filters(manager, query):
    shown = make_inquiry(name="Maria Muster", country="DE", source="basket")
    Inquiry.objects.filter(pk=shown.pk).update(created_at="2026-03-05T12:00Z")
    hidden = make_inquiry(name="Other", country="FR", source="page")
    change_status(hidden, "lost", by=None)
    Inquiry.objects.filter(pk=hidden.pk).update(created_at="2026-04-05T12:00Z")
    assert [row["name"] for row in export(manager, query)] == ["Maria Muster"]


def test_the_export_button_keeps_the_filters(manager):
    make_inquiry()
    page = manager.get(f"{LIST}?status__exact=new").content.decode()
    assert f'href="{LIST}export/?status__exact=new"' in page


def test_only_selected_rows_are_exported(manager):
    chosen = make_inquiry(name="Chosen")
    make_inquiry(name="Other")
    assert [row["name"] for row in export(manager, export_items=[chosen.pk])] == ["Chosen"]


def test_selecting_all_pages_exports_the_filtered_rows(manager):
    inquiry = make_inquiry()
    data = {"action": "export_admin_action", "select_across": "1",
            "_selected_action": [inquiry.pk]}  # fmt: skip
    response = manager.post(f"{LIST}?status__exact=new", data | {"index": "0"})
    assert response.url == f"{LIST}export/?status__exact=new"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "'=1", "''=1"])
@pytest.mark.parametrize("kind", FORMATS)
def test_cells_are_no_formulas_and_keep_their_characters(manager, start, kind):
    make_inquiry(message=f"{start} and more", company=start.strip())
    response = manager.post(f"{LIST}export/", {"format": FORMATS[kind], "resource": "0"})
    (row,) = kind().create_dataset(response.content).dict
    if kind is CSV:
        assert f"'{start}" in response.content.decode("utf-8-sig")
    # XLSX stores a carriage return as a line feed.
    ends = str.maketrans("\r", "\n") if kind is XLSX else {}
    assert row["message"].translate(ends) == f"{start} and more".translate(ends)


def test_a_telephone_number_is_text_without_an_apostrophe_in_xlsx(manager):
    make_inquiry(phone="+86 (0)371 6666 8888 ext. 12")
    response = manager.post(f"{LIST}export/", {"format": FORMATS[XLSX], "resource": "0"})
    headings, row = load_workbook(BytesIO(response.content)).active.iter_rows()
    [cell] = [cell for name, cell in zip(headings, row, strict=True) if name.value == "phone"]
    assert (cell.value, cell.number_format) == ("+86 (0)371 6666 8888 ext. 12", "@")


def test_a_contact_exports_only_their_inquiries(july):
    own = make_inquiry(name="Own")
    assign_inquiry(own, Contact.objects.get(name="July"), by=None)
    other = make_inquiry(name="Other")
    assign_inquiry(other, make_contact(name="Abner"), by=None)
    assert [row["name"] for row in export(july)] == ["Own"]
    assert [row["name"] for row in export(july, "?q=Other")] == []
    response = july.post(
        f"{LIST}export/", {"format": "0", "resource": "0", "export_items": [other.pk]}
    )
    assert "Other" not in response.content.decode()


@pytest.mark.parametrize("role", ["Editors", ""])
def test_accounts_without_permission_cannot_export(as_user, role):
    make_inquiry()
    client = as_user(make_user(role))
    assert client.get(f"{LIST}export/").status_code == 403
    assert client.post(f"{LIST}export/", {"format": "0", "resource": "0"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(manager):
    contact, product = make_contact(), make_product()

    def count(rows: int) -> int:
        for number in range(rows):
            line = {"product": product, "quantity": 1, "unit": "set"}
            assign_inquiry(
                make_inquiry(lines=[line], email=f"{number}.{rows}@example.com"), contact, by=None
            )
        with CaptureQueriesContext(connection) as queries:
            export(manager)
        return len(queries)

    assert count(2) == count(5)
