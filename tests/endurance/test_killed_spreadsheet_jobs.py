"""Another worker goes on with the exports and imports of one that was killed."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone

from core.spreadsheets.formats import CSV
from core.spreadsheets.models import SpreadsheetJob
from products.models import Category, Product
from tests.endurance.processes import Process, environment
from tests.factories import make_user
from tests.smtp_server import free_port
from tests.waiting import wait_until

ROWS = 400


def make_worker(folder: Path) -> Process:
    """A worker with the private files of this process."""
    variables = environment(free_port()) | {"PRIVATE_ROOT": str(settings.PRIVATE_ROOT)}
    command = ("python", "manage.py", "run_worker")
    return Process(*command, environment=variables, log=folder / "worker.log")


def read_again(job: SpreadsheetJob) -> SpreadsheetJob:
    """The job as its worker has stored it by now."""
    job.refresh_from_db()
    assert job.state != SpreadsheetJob.State.FAILED, job.error
    return job


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_import_is_completed_although_its_worker_is_killed(tmp_path: Path) -> None:
    Category.objects.create(name="Crushers", slug="crushers")
    rows = "".join(f"S-{number},Crusher {number},crushers\n" for number in range(ROWS))
    job = SpreadsheetJob.objects.create(
        content_type=ContentType.objects.get_for_model(Product),
        user=make_user("Managers"),
        kind=SpreadsheetJob.Kind.CHECK,
        language="en",
        time_zone="UTC",
        file=ContentFile(f"sku,name_en,category\n{rows}", name="sheet"),
        file_name="products.csv",
    )
    with make_worker(tmp_path) as worker:
        wait_until(lambda: read_again(job).can_be_confirmed, "the file is checked")
        imported = {"reading": job.report["reading"]}
        job.begin(SpreadsheetJob.Kind.IMPORT, report=imported)
        wait_until(lambda: 0 < read_again(job).rows_done < ROWS, "some rows are imported")
        worker.kill()
        assert read_again(job).rows_done == Product.objects.count() < ROWS, "as many as it says"
        # As if two minutes had passed.
        SpreadsheetJob.objects.update(claimed_until=timezone.now())
        wait_until(lambda: read_again(job).is_done, "all rows are imported")
    assert job.report["totals"] == {"new": ROWS}
    assert Product.objects.count() == ROWS


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_export_is_made_although_its_worker_is_killed(tmp_path: Path) -> None:
    category = Category.objects.create(name="Crushers", slug="crushers")
    Product.objects.bulk_create(
        Product(name=f"Crusher {n}", slug=f"crusher-{n}", sku=f"S-{n}", category=category)
        for n in range(5_000)
    )
    job = SpreadsheetJob.objects.create(
        content_type=ContentType.objects.get_for_model(Product),
        user=make_user("Managers"),
        kind=SpreadsheetJob.Kind.EXPORT,
        options={"query": "", "format": "csv"},
        language="en",
        time_zone="UTC",
        file_name="products.csv",
    )
    with make_worker(tmp_path) as worker:
        wait_until(lambda: read_again(job).rows_done > 0, "some rows are written")
        assert not job.file
        worker.kill()
        SpreadsheetJob.objects.update(claimed_until=timezone.now())
        wait_until(lambda: read_again(job).is_done, "the export is finished")
    with job.file.open() as file:
        names = {row["sku"] for row in CSV().create_dataset(file.read(), limit=10_000).dict}
    assert names == {f"S-{n}" for n in range(5_000)}
