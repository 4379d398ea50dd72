"""Long exports and imports are done by the worker."""

import csv
import tracemalloc
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
import tablib
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from core.spreadsheets import importing, work
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.models import SpreadsheetJob
from core.spreadsheets.reading import open_csv
from core.spreadsheets.writing import CsvWriter, XlsxWriter
from core.staff_log.models import StaffAction
from core.worker import schedule
from inquiries.services import assign_inquiry
from products.models import Category, Product
from tests.factories import make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

INQUIRIES = "/admin/inquiries/inquiry/"
PRODUCTS = "/admin/products/product/"
FORMATS = {"csv": "0", "xlsx": "1"}
State = SpreadsheetJob.State


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Two rows are long, and a batch has two rows."""
    monkeypatch.setattr("core.spreadsheets.admin.MAX_IMMEDIATE_ROWS", 2)
    monkeypatch.setattr("core.spreadsheets.forms.MAX_IMMEDIATE_ROWS", 2)
    monkeypatch.setattr("core.spreadsheets.exporting.CHUNK", 2)
    monkeypatch.setattr("core.spreadsheets.importing.BATCH", 2)


@pytest.fixture
def user():
    return make_user("Managers", username="mei", email="mei@example.com")


@pytest.fixture
def manager(as_user, user):
    return as_user(user)


def start_export(client, query: str = "", kind: str = "csv", table: str = INQUIRIES):
    response = client.post(f"{table}export/{query}", {"format": FORMATS[kind], "resource": "0"})
    assert response.status_code == 302
    return response.url


def start_import(client, rows: list[dict], **options):
    """Upload a sheet; returns the address of the job."""
    table = tablib.Dataset(*[list(row.values()) for row in rows], headers=list(rows[0]))
    upload = BytesIO(CSV().export_data(table))
    upload.name = "products.csv"
    response = client.post(f"{PRODUCTS}import/", {"import_file": upload, **options})
    assert response.status_code == 302, response.content.decode()
    return response.url


def product_rows(number: int) -> list[dict]:
    Category.objects.get_or_create(name="Crushers", slug="crushers")
    return [
        {"sku": f"S-{n}", "name_en": f"Crusher {n}", "category": "crushers"} for n in range(number)
    ]


def html(response) -> str:
    return " ".join(response.content.decode().split())


def downloaded(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def do_jobs() -> None:
    work.do_waiting_jobs()


def job() -> SpreadsheetJob:
    return SpreadsheetJob.objects.get()


# Exports


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_a_long_export_is_made_by_the_worker(manager, kind):
    for number in range(5):
        make_inquiry(name=f"=Buyer {number}")
    name = kind.__name__.lower()
    page = start_export(manager, kind=name)
    waiting = html(manager.get(page))
    assert "<progress" in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert manager.get(f"{page}download/").status_code == 404

    do_jobs()
    done = html(manager.get(page))
    assert f'href="{page}download/"' in done
    assert "refresh" not in done
    response = manager.get(f"{page}download/")
    assert response.headers["Content-Disposition"].endswith(f'.{name}"')
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    rows = kind().create_dataset(downloaded(response)).dict
    assert [row["name"] for row in rows] == [f"=Buyer {n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_long_export_has_the_same_content_as_a_short_one(manager, monkeypatch, kind):
    line = {"product": make_product(), "quantity": 2, "unit": "set"}
    for number in range(3):
        make_inquiry(email=f"{number}@example.com", lines=[line], incoterm="FOB")
    page = start_export(manager, kind=kind)
    do_jobs()
    long = downloaded(manager.get(f"{page}download/"))
    monkeypatch.setattr("core.spreadsheets.admin.MAX_IMMEDIATE_ROWS", 10)
    data = {"format": FORMATS[kind], "resource": "0"}
    short = manager.post(f"{INQUIRIES}export/", data).content
    reader = {"csv": CSV, "xlsx": XLSX}[kind]
    assert reader().create_dataset(long).dict == reader().create_dataset(short).dict


def test_a_long_export_follows_the_filters(manager):
    for number in range(3):
        make_inquiry(name="Shown", country="DE", email=f"{number}@example.com")
    make_inquiry(name="Hidden", country="FR")
    page = start_export(manager, "?country=DE")
    do_jobs()
    rows = CSV().create_dataset(downloaded(manager.get(f"{page}download/"))).dict
    assert [row["name"] for row in rows] == ["Shown"] * 3


def test_a_contact_exports_only_their_own_inquiries(as_user):
    july = make_contact(name="July", user=make_user("Sales", username="july"))
    client = as_user(july.user)
    for number in range(4):
        own = make_inquiry(name="Own", email=f"{number}@example.com")
        assign_inquiry(own, july, by=None)
    lost = own
    make_inquiry(name="Other")
    page = start_export(client)
    assign_inquiry(lost, make_contact(name="Abner"), by=None)
    do_jobs()
    rows = CSV().create_dataset(downloaded(client.get(f"{page}download/"))).dict
    assert [row["name"] for row in rows] == ["Own"] * 3


def test_an_export_fails_if_its_user_has_lost_the_permission(manager, user):
    for _ in range(3):
        make_inquiry()
    start_export(manager)
    user.groups.clear()
    do_jobs()
    assert job().state == State.FAILED
    assert "permission" in job().error
    assert not job().file


def test_an_export_fails_if_its_user_was_deactivated(manager, user):
    for _ in range(3):
        make_inquiry()
    start_export(manager)
    user.is_active = False
    user.save()
    do_jobs()
    assert job().state == State.FAILED


def test_only_who_asked_for_it_sees_a_job(manager, as_user, user):
    for _ in range(3):
        make_inquiry()
    page = start_export(manager)
    do_jobs()
    other = as_user(make_user("Managers", username="other"))
    for path in (page, f"{page}download/"):
        assert other.get(path).status_code == 404
        assert other.post(path).status_code == 404
    assert page not in html(other.get(f"{INQUIRIES}export/"))
    assert page in html(manager.get(f"{INQUIRIES}export/"))
    elsewhere = page.replace("/inquiries/inquiry/", "/products/product/")
    assert manager.get(elsewhere).status_code == 404
    user.groups.clear()
    assert manager.get(f"{page}download/").status_code == 403


def test_a_user_cannot_start_any_number_of_exports(manager, monkeypatch):
    monkeypatch.setattr("core.spreadsheets.admin.MAX_UNFINISHED_JOBS", 1)
    for _ in range(3):
        make_inquiry()
    start_export(manager)
    response = manager.post(f"{INQUIRIES}export/", {"format": "0", "resource": "0"})
    assert "Wait until your other exports" in html(response)


def test_too_many_rows_are_refused(manager, monkeypatch):
    monkeypatch.setattr("core.spreadsheets.exporting.MAX_EXPORTED_ROWS", 2)
    for _ in range(3):
        make_inquiry()
    page = start_export(manager)
    do_jobs()
    assert "More than 2 rows selected." in html(manager.get(page))


def test_the_queries_of_an_export_grow_with_its_chunks_alone(manager, monkeypatch):
    monkeypatch.setattr("core.spreadsheets.exporting.CHUNK", 3)

    def queries(rows: int) -> list[str]:
        for number in range(rows):
            make_inquiry(
                email=f"{number}.{rows}@example.com",
                lines=[{"product": make_product(), "quantity": 1, "unit": "set"}],
            )
        start_export(manager)
        with CaptureQueriesContext(connection) as captured:
            do_jobs()
        return [query["sql"] for query in captured]

    one, three = queries(3), queries(6)  # 3 and 9 rows
    per_chunk = (len(three) - len(one)) / 2
    assert per_chunk <= 4, "the rows, their lines, the progress"
    assert not any("OFFSET" in sql for sql in three)


def test_a_long_text_is_refused_in_xlsx_and_leaves_no_file(manager):
    make_inquiry(), make_inquiry(), make_inquiry(message="x" * 40_000)
    page = start_export(manager, kind="xlsx")
    do_jobs()
    assert "Choose CSV." in html(manager.get(page))
    assert not job().file


@pytest.mark.parametrize("writer", [CsvWriter, XlsxWriter])
def test_the_memory_of_an_export_does_not_grow_with_its_rows(writer, tmp_path):
    def peak(chunks: int) -> int:
        tracemalloc.start()
        with (tmp_path / "out").open("wb") as file, writer(file, ["a", "b"]) as sheet:
            for chunk in range(chunks):
                sheet.write([[f"{chunk} {row} " + "x" * 500, row] for row in range(100)])
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(20) < 1.5 * peak(2)


# Imports


def test_a_long_import_is_checked_and_made_by_the_worker(manager, user):
    make_product(sku="S-1", name="Old name")
    page = start_import(manager, product_rows(5))
    assert "<progress" in html(manager.get(page))
    do_jobs()
    checked = html(manager.get(page))
    assert "4 new, 1 changed, 0 unchanged." in checked
    assert "<del>Old name</del> <ins>Crusher 1</ins>" in checked
    assert Product.objects.count() == 1, "nothing is stored yet"

    manager.post(page, {"confirm": "on"})
    assert "<progress" in html(manager.get(page))
    do_jobs()
    assert "The file was imported: 4 new, 1 changed, 0 unchanged." in html(manager.get(page))
    names = sorted(Product.objects.values_list("sku", "name_en"))
    assert names == [(f"S-{n}", f"Crusher {n}") for n in range(5)]
    assert StaffAction.objects.filter(user=user).count() == 5


def test_each_problem_is_shown_beside_its_row(manager):
    rows = [row | {"status": "draft", "min_order": 1} for row in product_rows(6)]
    rows[1]["status"] = "sold"
    rows[4]["min_order"] = "many"
    rows[5]["sku"] = "S-0"
    page = start_import(manager, rows)
    do_jobs()
    response = manager.get(page)
    problems = response.context["result"].problems
    assert [(problem.row, problem.column, problem.found) for problem in problems] == [
        (3, "status", "sold"),
        (6, "min_order", "many"),
        (7, "", ""),
    ]
    assert "same item as row 2" in html(response), "although it is in another batch"
    assert "Nothing was imported" in html(response)
    manager.post(page, {"confirm": "on"})
    do_jobs()
    assert not Product.objects.exists()


def test_unknown_columns_are_refused(manager):
    page = start_import(manager, [row | {"colour": "red"} for row in product_rows(3)])
    do_jobs()
    assert "Unknown column: colour" in html(manager.get(page))


def test_a_check_ends_after_many_problems(manager, monkeypatch):
    monkeypatch.setattr(importing, "MAX_PROBLEMS", 3)
    page = start_import(manager, [row | {"status": "sold"} for row in product_rows(9)])
    do_jobs()
    assert len(manager.get(page).context["result"].problems) == 3


def test_rows_may_refer_to_earlier_rows_of_the_sheet(manager):
    rows = [row | {"related_products": ""} for row in product_rows(5)]
    rows[4]["related_products"] = "S-0, crusher-1"
    page = start_import(manager, rows)
    do_jobs()
    assert job().can_be_confirmed, html(manager.get(page))
    manager.post(page, {"confirm": "on"})
    do_jobs()
    related = Product.objects.get(sku="S-4").related_products
    assert sorted(related.values_list("sku", flat=True)) == ["S-0", "S-1"]


def test_a_reference_to_no_row_is_refused(manager):
    rows = [row | {"related_products": "S-99"} for row in product_rows(3)]
    page = start_import(manager, rows)
    do_jobs()
    assert "“S-99” is not known." in html(manager.get(page))


def test_a_file_can_be_read_differently(manager):
    page = start_import(manager, [row | {"min_order": "1,000"} for row in product_rows(3)])
    do_jobs()
    assert "<ins>1000</ins>" in html(manager.get(page))
    manager.post(page, {"check": "on", "decimal": "comma"})
    do_jobs()
    assert "<ins>1</ins>" in html(manager.get(page))
    manager.post(page, {"confirm": "on"})
    do_jobs()
    assert set(Product.objects.values_list("min_order", flat=True)) == {1}


def test_an_import_stops_at_a_row_that_became_invalid(manager):
    rows = [row | {"related_products": ""} for row in product_rows(6)]
    rows[3]["related_products"] = "elsewhere"
    elsewhere = make_product(slug="elsewhere")
    page = start_import(manager, rows)
    do_jobs()
    elsewhere.delete()
    manager.post(page, {"confirm": "on"})
    do_jobs()
    assert "The first 2 rows were imported, the others were not." in html(manager.get(page))
    assert Product.objects.count() == 2


def test_too_many_rows_are_not_imported(manager, monkeypatch):
    monkeypatch.setattr(importing, "MAX_IMPORTED_ROWS", 3)
    page = start_import(manager, product_rows(4))
    do_jobs()
    assert "The file has more than 3 rows." in html(manager.get(page))


def test_without_the_permission_nothing_is_imported(manager, user):
    page = start_import(manager, product_rows(3))
    do_jobs()
    manager.post(page, {"confirm": "on"})
    user.groups.clear()
    do_jobs()
    assert job().state == State.FAILED
    assert not Product.objects.exists()


def test_the_rows_of_a_csv_file_are_read_one_by_one():
    text = StringIO()
    csv.writer(text).writerows([["sku", "name"], *([n, "x" * 100] for n in range(20_000))])
    data = text.getvalue().encode()
    tracemalloc.start()
    assert sum(1 for _ in open_csv(data).rows) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(data), "the text, and not a list of rows or four bytes a character"


# Interruptions


class KilledError(BaseException):
    """What ends a worker without any cleanup."""


def kill_after(monkeypatch, reports: int) -> None:
    """Let the worker be killed with its next report but so many."""
    report = work.Claim.report
    left = iter(range(reports))

    def report_or_die(self, *args):
        if next(left, None) is None:
            raise KilledError
        report(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(work.Claim, "report", report_or_die)
        with pytest.raises(KilledError):
            do_jobs()


def let_claim_run_out() -> None:
    SpreadsheetJob.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_an_export_is_made_again_when_its_worker_was_killed(manager, monkeypatch):
    for number in range(5):
        make_inquiry(name=f"Buyer {number}")
    page = start_export(manager)
    kill_after(monkeypatch, reports=2)
    assert job().rows_done == 2
    do_jobs()
    assert job().state == State.RUNNING, "another worker may still be at it"
    let_claim_run_out()
    do_jobs()
    rows = CSV().create_dataset(downloaded(manager.get(f"{page}download/"))).dict
    assert len(rows) == 5


def test_a_claim_ends_although_the_clock_was_set_back(manager, monkeypatch, set_clock):
    for _ in range(3):
        make_inquiry()
    start_export(manager)
    kill_after(monkeypatch, reports=0)
    set_clock(timezone.now() - timedelta(days=1))
    do_jobs()
    assert job().state == State.DONE


def test_an_import_goes_on_where_a_killed_worker_was(manager, monkeypatch):
    page = start_import(manager, product_rows(7))
    do_jobs()
    manager.post(page, {"confirm": "on"})
    kill_after(monkeypatch, reports=2)
    assert Product.objects.count() == job().rows_done == 4
    let_claim_run_out()
    do_jobs()
    assert Product.objects.count() == 7
    assert "7 new, 0 changed, 0 unchanged." in html(manager.get(page))


def test_a_job_that_kills_its_worker_again_and_again_fails(manager, monkeypatch):
    for _ in range(3):
        make_inquiry()
    start_export(manager)
    for _ in range(work.MAX_ATTEMPTS):
        kill_after(monkeypatch, reports=0)
        let_claim_run_out()
    do_jobs()
    assert job().state == State.FAILED
    assert "interrupted" in job().error


def test_a_worker_that_has_lost_its_job_changes_nothing(manager, monkeypatch):
    page = start_import(manager, product_rows(7))
    do_jobs()
    manager.post(page, {"confirm": "on"})
    import_batch = importing.SheetImport._import_batch
    batches = iter(range(10))

    def lose_claim(self, *args, **kwargs):
        if next(batches) == 1:
            SpreadsheetJob.objects.update(claim="another worker")
        return import_batch(self, *args, **kwargs)

    monkeypatch.setattr(importing.SheetImport, "_import_batch", lose_claim)
    do_jobs()
    assert Product.objects.count() == 2
    assert job().state == State.RUNNING


def test_a_job_that_is_deleted_stops(manager, monkeypatch):
    for _ in range(5):
        make_inquiry()
    page = start_export(manager)
    write = CsvWriter.write

    def delete_and_write(self, rows):
        manager.post(page, {"delete": "on"})
        write(self, rows)

    monkeypatch.setattr(CsvWriter, "write", delete_and_write)
    do_jobs()
    assert not SpreadsheetJob.objects.exists()


def test_a_job_waits_for_the_next_worker_when_this_one_is_stopped(manager):
    for _ in range(5):
        make_inquiry()
    start_export(manager)
    claim = work._take_job()
    schedule.is_stopping.set()
    try:
        work._do(claim)
        do_jobs()
    finally:
        schedule.is_stopping.clear()
    assert (job().state, job().attempts) == (State.WAITING, 0)
    do_jobs()
    assert job().state == State.DONE


def test_an_unexpected_error_ends_the_job_and_is_logged(manager, monkeypatch, caplog):
    for _ in range(3):
        make_inquiry()
    page = start_export(manager)
    monkeypatch.setattr(CsvWriter, "write", lambda *_: 1 / 0)
    do_jobs()
    assert "An unexpected error occurred." in html(manager.get(page))
    assert "ZeroDivisionError" in caplog.text


# Afterwards


def test_who_waited_long_gets_a_link_by_email(manager):
    for _ in range(3):
        make_inquiry()
    Email.objects.all().delete()
    page = start_export(manager)
    SpreadsheetJob.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    do_jobs()
    email = Email.objects.get()
    assert email.to == ["mei@example.com"]
    assert f"http://testserver{page}" in email.message
    assert email.subject.endswith(".csv: finished")


def test_files_are_deleted_after_some_days(manager, django_capture_on_commit_callbacks):
    for _ in range(3):
        make_inquiry()
    page = start_export(manager)
    do_jobs()
    file = job().file
    assert file.storage.exists(file.name)
    work.delete_expired_jobs()
    assert file.storage.exists(file.name)
    SpreadsheetJob.objects.update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        work.delete_expired_jobs()
    assert not file.storage.exists(file.name)
    assert manager.get(page).status_code == 404


def test_a_job_can_be_deleted(manager, django_capture_on_commit_callbacks):
    page = start_import(manager, product_rows(3))
    file = job().file
    with django_capture_on_commit_callbacks(execute=True):
        response = manager.post(page, {"delete": "on"})
    assert response.url == f"{PRODUCTS}import/"
    assert not file.storage.exists(file.name)
