"""Files that nothing refers to are deleted after a while, and no others."""

import os
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from pytest_django.asserts import assertContains

from config import env
from core.richtext.fields import RichTextField
from core.richtext.services import add_picture
from core.storage import private_storage
from core.unused_files import references, schedule, services
from core.unused_files.models import CleanupRun, UnusedFile
from core.worker.schedule import is_stopping
from news.models import Article
from news.services.pending_changes import store_pending_changes
from news.services.publishing import save_article
from news.services.restoring import deleted_versions
from tests.disks import use_private_folder
from tests.factories import make_article, make_product, make_user, numbers, picture_file
from tests.object_storage import ObjectStorage

pytestmark = pytest.mark.django_db

NAME = "pictures/0123456789abcdef0123456789abcdef.webp"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty folders of public and private files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    use_private_folder(tmp_path / "private", monkeypatch)
    return tmp_path / "media"


@pytest.fixture
def pass_days(set_clock: Any, settings: Any) -> Any:
    """Returns a function that lets days pass, on each of which the worker looks for files.

    They are deleted after three days, on the fourth.
    """
    settings.UNUSED_FILE_RETENTION = 3
    now = timezone.now()

    def pass_days(days: int) -> None:
        nonlocal now
        for _day in range(days):
            now += timedelta(days=1, seconds=1)
            set_clock(now)
            schedule.delete_unused_files()

    return pass_days


def store(name: str = NAME, content: bytes = b"content") -> str:
    return default_storage.save(name, ContentFile(content))


def all_files() -> list[str]:
    return sorted([*default_storage.walk(), *private_storage().walk()])


def unused_files() -> set[str]:
    return {file.name for file in services.list_unused_files()}


def fields_of_kind(*kinds: type) -> list[Any]:
    fields = [each for model in apps.get_models() for each in model._meta.local_concrete_fields]
    return [field for field in fields if isinstance(field, kinds)]


def add_row(field: Any, value: Any) -> Any:
    """A row with `value` in this field and anything in the others."""
    model, values = field.model, {field.attname: value}
    for other in model._meta.concrete_fields:
        if other is field or other.has_default() or other.null:
            continue
        if other.choices:
            values[other.attname] = other.choices[0][0]
        elif isinstance(other, models.AutoField):
            values[other.attname] = 1_000_000 + next(numbers)  # not that of a row of a migration
        elif isinstance(other, models.DateTimeField):
            values[other.attname] = timezone.now()
        elif isinstance(other, models.DateField):
            values[other.attname] = timezone.now().date() + timedelta(days=next(numbers))
        elif isinstance(other, models.TimeField):
            values[other.attname] = timezone.now().time()
        elif other.is_relation or isinstance(other, (models.IntegerField, models.BooleanField)):
            values[other.attname] = 1
        else:
            values[other.attname] = get_random_string(min(other.max_length or 8, 8))
    [row] = models.QuerySet(model).bulk_create([model(**values)])
    return row


def delete_row(row: Any) -> None:
    """Delete a row, whose foreign keys refer to nothing, and leave no version of it."""
    models.QuerySet(type(row)).filter(pk=row.pk)._raw_delete("default")


def test_the_file_of_every_field_is_used():
    names = {}
    for number, field in enumerate(fields_of_kind(models.FileField)):
        folder = field.generate_filename(field.model(), "x").split("/")[0]
        name = field.storage.save(f"{folder}/{number}-图.pdf", ContentFile(b"1"))
        names[name] = field
    assert len(names) > 10
    assert unused_files() == set(names)
    rows = [add_row(field, name) for name, field in names.items()]
    assert unused_files() == set()
    for row in rows:
        delete_row(row)
    assert unused_files() == set(names)


def test_a_file_in_every_rich_text_and_in_json_is_used():
    rows, names = [], set()
    for number, field in enumerate(fields_of_kind(RichTextField, models.JSONField)):
        image, link = store(), store(f"downloads/{number}-挖掘机.pdf")
        html = (
            f'<p><img src="{default_storage.url(image)}" alt="a">'
            f'<a href="{default_storage.url(link)}">b</a></p>'
        )
        value = {"content": [html]} if isinstance(field, models.JSONField) else html
        names |= {image, link}
        rows.append(add_row(field, value))
    assert len(rows) > 10
    assert unused_files() == set()
    for row in rows:
        delete_row(row)
    assert unused_files() == names


@pytest.mark.parametrize(
    "name",
    [
        "datasheets/My manual (2).pdf",
        "datasheets/l'outil & co.pdf",
        "datasheets/a/b.c.pdf",
        "datasheets/no-extension",
    ],
)
def test_a_name_of_any_characters_is_recognized(name, media):
    path = media / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"1")
    product = make_product()
    assert unused_files() == {name}
    models.QuerySet(type(product)).filter(pk=product.pk).update(datasheet=name)
    assert unused_files() == set()


@pytest.mark.parametrize(
    "text",
    [
        "See /media/{name}.",
        "(https://example.com/media/{name})",
        '<img srcset="/media/pictures/other.webp 480w, /media/{name} 960w">',
        "<a href='/media/{name}?v=1#page=2'>",
    ],
)
def test_a_name_within_a_text_is_recognized(text):
    name = store()
    assert unused_files() == {name}
    make_article(summary=text.format(name=name))
    assert unused_files() == set()


def test_versions_of_an_article_keep_its_files():
    editor = make_user(is_superuser=True)
    cover, picture = store("news/old.webp"), store()
    article = make_article(cover=cover, body=f'<p><img src="/media/{picture}" alt="a"></p>')
    save_article(article, by=editor)
    changed = {**article.content, "cover": "", "body_en": "<p>Text</p>"}
    save_article(article, changed, by=editor)
    assert unused_files() == set()
    article.delete()
    assert deleted_versions().exists()
    assert unused_files() == set()
    Article.history.all().delete()
    assert unused_files() == {cover, picture}


def test_changes_that_wait_for_approval_keep_their_files():
    cover, picture, document = store("news/new.webp"), store(), store("downloads/挖掘机.pdf")
    article = make_article()
    html = f'<p><img src="/media/{picture}" alt="a"><a href="/media/{document}">a</a></p>'
    store_pending_changes(article, {**article.content, "cover": cover, "body_en": html}, by=None)
    assert unused_files() == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM news_pendingchanges")
        [stored] = cursor.fetchone()
    assert "挖" not in str(stored) or connection.vendor != "sqlite", "it is escaped there"


def test_a_picture_goes_with_its_smaller_copies(pass_days, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        picture = add_picture(picture_file("JPEG", (1200, 60)), by=None)
    assert len(all_files()) == 3
    pass_days(5)
    assert len(all_files()) == 3
    picture.delete()
    pass_days(3)
    assert len(all_files()) == 3
    pass_days(2)
    assert all_files() == []


def test_a_file_that_is_used_again_starts_anew(pass_days):
    name = store()
    pass_days(2)
    article = make_article(summary=f"/media/{name}")
    pass_days(2)
    models.QuerySet(Article).update(summary_en="", summary="")
    article.history.all().delete()
    pass_days(3)
    assert all_files() == [name]
    pass_days(2)
    assert all_files() == []


def test_nothing_is_deleted_soon_after_a_pause(pass_days, set_clock):
    store()
    pass_days(1)
    set_clock(timezone.now() + timedelta(days=60))
    schedule.delete_unused_files()
    assert all_files() == [NAME]


def test_a_file_that_is_kept_while_the_worker_deletes_stays(pass_days, monkeypatch):
    name = store()
    pass_days(3)
    delete = services._delete

    def keep_and_delete(file: UnusedFile) -> int | None:
        services.keep_file(file.name)
        return delete(file)

    monkeypatch.setattr(services, "_delete", keep_and_delete)
    pass_days(2)
    assert all_files() == [name]


def test_a_file_that_is_stored_meanwhile_stays(pass_days, monkeypatch):
    """Its row is committed after the tables were read."""
    names = references.referenced_names
    monkeypatch.setattr(services, "referenced_names", lambda folders: iter(()))
    product = make_product()
    product.datasheet.save("sheet.pdf", ContentFile(b"1"))
    pass_days(1)
    assert UnusedFile.objects.exists()
    monkeypatch.setattr(services, "referenced_names", names)
    pass_days(5)
    assert default_storage.exists(product.datasheet.name)
    assert not UnusedFile.objects.exists()


def test_files_of_others_are_left_alone(media, pass_days):
    for name in ("brochure.pdf", "own/brochure.pdf", "google123.html"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(b"1")
    pass_days(5)
    assert len(all_files()) == 3


def test_archives_in_the_bucket_of_private_files_are_left_alone(settings, monkeypatch):
    assert "inquiries" in references.upload_folders()["private"]
    monkeypatch.setenv("BACKUP_URL", "s3://key:secret@private/inquiries/backups")
    backups = env.backup_storage("BACKUP_URL", Path(), {})
    settings.STORAGES = settings.STORAGES | {"backups": backups}
    assert "inquiries" not in references.upload_folders()["private"]


def test_incomplete_files_are_deleted_after_a_day(media):
    media.mkdir()
    old, new = media / ".incomplete-old", media / ".incomplete-new"
    for path in (old, new):
        path.write_bytes(b"1")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    services.delete_incomplete_files()
    assert not old.exists()
    assert new.exists()


def test_a_setting_of_zero_keeps_all_files(settings, pass_days):
    settings.UNUSED_FILE_RETENTION = 0
    store()
    pass_days(5)
    assert all_files() == [NAME]
    assert not CleanupRun.objects.exists()
    with pytest.raises(CommandError, match="UNUSED_FILE_RETENTION is 0"):
        call_command("delete_unused_files")


def test_the_worker_also_looks_after_the_clock_was_set_back(set_clock):
    now = timezone.now()
    schedule.delete_unused_files()
    set_clock(now - timedelta(days=30))
    schedule.delete_unused_files()
    schedule.delete_unused_files()
    assert CleanupRun.objects.count() == 2


def test_the_worker_looks_once_a_day_and_keeps_a_log(set_clock, caplog):
    now = timezone.now()
    store()
    with caplog.at_level("INFO"):
        for hours in (0, 1, 23, 25):
            set_clock(now + timedelta(hours=hours))
            schedule.delete_unused_files()
    assert CleanupRun.objects.count() == 2
    run = CleanupRun.objects.first()
    assert (run.files, run.unused, run.deleted, run.error) == (1, 1, 0, "")
    assert run.ended_at
    assert "Deleted 0 unused files of 1 (0 bytes); 1 others are unused." in caplog.text


def test_the_page_of_the_operators_shows_the_last_run(pass_days, settings, as_user):
    settings.SESSION_IDLE_TIME = timedelta(0)
    operator, url = as_user(make_user(is_superuser=True)), "/admin/operations/"
    assertContains(operator.get(url), "No search for unused files has ended yet.")
    store()
    pass_days(5)
    page = operator.get(url)
    assertContains(page, "nothing has referred to them for 3 days")
    assertContains(page, "<td>0</td>")
    settings.UNUSED_FILE_RETENTION = 0
    assertContains(operator.get(url), "UNUSED_FILE_RETENTION is 0")


def test_one_run_deletes_so_many(pass_days, monkeypatch):
    monkeypatch.setattr(services, "MAX_DELETED", 2)
    for number in range(3):
        store(f"pictures/{number}.webp")
    pass_days(4)
    assert len(all_files()) == 1
    run = CleanupRun.objects.first()
    assert (run.deleted, run.deleted_bytes, run.unused) == (2, 14, 1)
    pass_days(1)
    assert all_files() == []


def test_a_failure_deletes_nothing_and_is_logged(pass_days, monkeypatch):
    store()
    pass_days(3)

    def fail(folders: object) -> Iterator[str]:
        yield "pictures/other.webp"
        raise OSError("the disk fails")

    monkeypatch.setattr(services, "referenced_names", fail)
    with pytest.raises(OSError, match="the disk fails"):
        pass_days(2)
    assert all_files() == [NAME]
    assert CleanupRun.objects.first().error == "the disk fails"


def test_a_worker_that_ends_leaves_the_work_to_the_next(pass_days):
    store()
    is_stopping.set()
    try:
        pass_days(1)
    finally:
        is_stopping.clear()
    assert not CleanupRun.objects.exists()


def test_a_dry_run_lists_the_unused_files_and_changes_nothing(pass_days, settings, capsys):
    old, used = store("pictures/old.webp", b"x" * 2048), store()
    make_article(summary=f"/media/{used}")
    pass_days(3)
    new = store("news/new.pdf")
    capsys.readouterr()
    call_command("delete_unused_files", "--dry-run")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert any(line.endswith(f"2.0\xa0KB  media/{old}") for line in lines)
    assert any(line.endswith(f"media/{new}") for line in lines)
    assert lines[-1] == "2 unused files, 2.0\xa0KB."
    assert UnusedFile.objects.count() == 1
    settings.UNUSED_FILE_RETENTION = 1
    call_command("delete_unused_files", "--dry-run")
    [line] = [each for each in capsys.readouterr().out.splitlines() if each.startswith("now ")]
    assert line.endswith(f"2.0\xa0KB  media/{old}")
    call_command("delete_unused_files")
    assert capsys.readouterr().out == "Deleted 1 of 3 files (2.0\xa0KB). 1 others are unused.\n"
    assert all_files() == sorted([used, new])


def test_files_in_a_bucket_are_listed_by_pages_and_deleted(pass_days, monkeypatch):
    with ObjectStorage() as service:
        monkeypatch.setenv("STORAGE_URL", service.create_public_bucket("unused"))
        options, _url = env.storage("STORAGE_URL")
        storage = import_string(options["BACKEND"])(**options["OPTIONS"])
        names = [storage.save(f"pictures/{number}.webp", ContentFile(b"1")) for number in range(3)]
        monkeypatch.setattr(services, "site_storages", lambda: {"media": storage})
        monkeypatch.setattr(services, "upload_folders", lambda: {"media": {"pictures"}})
        make_article(summary=storage.url(names[1]))
        assert list(storage.walk("pictures/")) == names
        pass_days(5)
        assert service.names("unused") == [names[1]]


def test_memory_does_not_grow_with_the_number_of_files(monkeypatch):
    names = (("media", f"pictures/{number:032x}.webp") for number in range(50_000))
    tracemalloc.start()
    files = services.FileList().add(names)
    files.remove(f"pictures/{number:032x}.webp" for number in range(0, 50_000, 2))
    assert len(files) == 25_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    files.close()
    assert peak < 1024 * 1024
