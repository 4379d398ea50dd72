"""When backups are made, where they are stored, how many are kept, and how failures show."""

import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session as DjangoSession
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session
from config import env
from core.backup import destination, encryption, files, schedule, services
from core.backup.contents import Contents
from core.backup.errors import BackupError
from core.backup.models import BackupRun
from core.storage import private_storage
from tests.factories import make_user
from tests.object_storage import ObjectStorage

START = datetime(2026, 3, 1, 3, tzinfo=UTC)


class FakeDatabase:
    """A database whose dump has no rows, since the test's own is in a transaction."""

    FILE = "database.sqlite3"
    found = Contents({"news_article": 3}, [])

    def dump(self, path: Path) -> Contents:
        path.write_bytes(b"rows")
        return Contents({"news_article": 3}, [])

    def check(self, path: Path) -> Contents:
        assert path.read_bytes() == b"rows"
        return self.found


@pytest.fixture
def database(monkeypatch):
    database = FakeDatabase()
    monkeypatch.setattr(services, "_database", lambda: database)
    return database


@pytest.fixture
def backups(settings, tmp_path):
    """The folder of backups of a site with its own folders of files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "private": env.private_storage("NO_SETTING", tmp_path / "private", {}),
        "backups": env.backup_storage("NO_SETTING", tmp_path / "backups", {}),
    }
    return tmp_path / "backups"


def name_of(time: datetime) -> str:
    return destination.archive_name(time, "")


def test_the_newest_of_each_day_week_and_month_is_kept(settings):
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_WEEKS, settings.BACKUP_KEEP_MONTHS = 3, 2, 3
    hourly = [START - timedelta(hours=hours) for hours in range(24 * 100)]
    kept = destination.kept(map(name_of, hourly))
    last_day = {name_of(START - timedelta(hours=hours)) for hours in range(24)}
    days = {name_of(START), name_of(datetime(2026, 2, 28, 23, tzinfo=UTC))}
    days |= {name_of(datetime(2026, 2, 27, 23, tzinfo=UTC))}
    weeks = {name_of(START), name_of(datetime(2026, 2, 22, 23, tzinfo=UTC))}
    months = {name_of(START), name_of(datetime(2026, 2, 28, 23, tzinfo=UTC))}
    months |= {name_of(datetime(2026, 1, 31, 23, tzinfo=UTC))}
    assert kept == last_day | days | weeks | months


def test_the_last_backup_is_kept_even_if_no_rule_keeps_any(settings):
    settings.BACKUP_KEEP_DAYS = settings.BACKUP_KEEP_WEEKS = settings.BACKUP_KEEP_MONTHS = 0
    assert destination.kept([name_of(START)]) == {name_of(START)}
    assert destination.kept([]) == set()


def test_only_archives_are_deleted(backups, settings):
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_WEEKS, settings.BACKUP_KEEP_MONTHS = 1, 0, 0
    backups.mkdir()
    old = START - timedelta(days=3)
    for name in (name_of(START), name_of(old), "notes.txt", f"{name_of(old)}.copy"):
        (backups / name).touch()
    assert destination.delete_old() == [name_of(old)]
    assert len(list(backups.iterdir())) == 3


@pytest.mark.django_db
def test_a_backup_is_logged_and_readable_by_its_owner_only(backups, database):
    backup = services.make_backup()
    assert backup.is_verified
    [archive] = backups.iterdir()
    assert archive.name == backup.name
    assert archive.stat().st_mode & 0o777 == 0o600
    assert backups.stat().st_mode & 0o777 == 0o700
    run = BackupRun.objects.get()
    assert (run.archive, run.size, run.error) == (backup.name, archive.stat().st_size, "")
    assert run.ended_at
    assert run.is_verified


@pytest.mark.django_db
def test_sessions_are_no_content():
    for model in (Session, DjangoSession):
        model.objects.create(session_key="k", session_data="", expire_date=timezone.now())
    assert not services.has_rows()
    make_user()
    assert services.has_rows()


@pytest.mark.django_db
def test_the_run_of_a_restored_backup_has_ended(backups, database, monkeypatch, capsys):
    backup = services.make_backup()
    killed = BackupRun.objects.create(started_at=timezone.now() - timedelta(days=2))
    made = BackupRun.objects.first()
    # As in the dump, which was made before the run ended.
    BackupRun.objects.filter(pk=made.pk).update(archive="", ended_at=None, is_verified=False)
    monkeypatch.setattr(database, "restore", database.check, raising=False)
    monkeypatch.setattr(database, "contents", lambda: database.found, raising=False)
    call_command("restore", backup.name, "--overwrite")
    made.refresh_from_db()
    assert (made.archive, made.error) == (backup.name, "")
    assert made.started_at < made.ended_at < made.started_at + timedelta(minutes=1)
    killed.refresh_from_db()
    assert killed.ended_at is None
    assert "Files that are not in the archive are still there." in capsys.readouterr().out


@pytest.mark.django_db
def test_an_archive_that_lacks_rows_is_deleted_and_the_failure_shown(backups, database, as_user):
    database.found = Contents({"news_article": 2}, [])
    with pytest.raises(BackupError, match=r"news_article \(2 instead of 3\)"):
        services.make_backup()
    assert list(backups.iterdir()) == []
    assert "news_article (2 instead of 3)" in BackupRun.objects.get().error
    admin = as_user(make_user(is_superuser=True))
    page = admin.get(reverse("admin:index"))
    assert "The last backup failed: The numbers of rows differ" in page.content.decode()
    assert admin.get(reverse("admin:backup_backuprun_changelist")).status_code == 200
    editor = as_user(make_user("Editors"))
    assert "backup" not in editor.get(reverse("admin:index")).content.decode()


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(backups, database):
    backups.write_text("a file")
    with pytest.raises(CommandError, match="The folder for backups cannot be used"):
        call_command("backup")
    assert BackupRun.objects.failed().count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("program", "setting", "value"),
    [("gpg", "BACKUP_PASSPHRASE", "a" * 20), ("age", "BACKUP_RECIPIENT", "age1" + "q" * 58)],
)
def test_a_missing_program_is_named(
    backups, database, settings, monkeypatch, program, setting, value
):
    setattr(settings, setting, value)
    monkeypatch.setattr(encryption.shutil, "which", lambda name: None)
    with pytest.raises(BackupError, match=f"The program `{program}` is missing: install"):
        services.make_backup()


def make_gpg_key(folder: Path) -> str:
    """Create a key pair in an empty keyring; returns the address that it belongs to."""
    folder.mkdir(mode=0o700)
    options = ["gpg", "--batch", "--quiet", "--homedir", folder, "--passphrase", ""]
    command = [*options, "--quick-generate-key", "backup@example.com", "default", "encrypt"]
    subprocess.run(command, check=True, capture_output=True)
    return "backup@example.com"


@pytest.fixture
def keyring(monkeypatch):
    """GnuPG's home folder, whose path must be short because of a socket in it."""
    with tempfile.TemporaryDirectory(prefix="k") as folder:
        home = Path(folder, "home")
        monkeypatch.setenv("GNUPGHOME", str(home))
        yield home
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False)  # noqa: S607


@pytest.mark.django_db
def test_gpg_encrypts_for_the_owner_of_a_key(backups, database, settings, keyring, monkeypatch):
    settings.BACKUP_RECIPIENT = make_gpg_key(keyring)
    backup = services.make_backup()
    assert backup.name.endswith(".gpg")
    assert backup.is_verified
    with tempfile.TemporaryDirectory(prefix="k") as empty:
        monkeypatch.setenv("GNUPGHOME", empty)
        with pytest.raises(BackupError, match="gpg failed: gpg: decryption failed"):
            services.check_archive(backup.name)


@pytest.mark.django_db
def test_age_encrypts_for_the_owner_of_a_key(backups, database, settings, tmp_path, capsys):
    key = tmp_path / "key"
    made = subprocess.run(
        ["age-keygen", "--output", key],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    settings.BACKUP_RECIPIENT = made.stderr.split()[-1]
    call_command("backup")
    assert "Not verified: this machine has no key to read it." in capsys.readouterr().err
    [archive] = destination.archives()
    assert archive.endswith(".age")
    with pytest.raises(BackupError, match="BACKUP_IDENTITY must name the file"):
        services.check_archive(archive)
    settings.BACKUP_IDENTITY = str(key)
    assert services.check_archive(archive).files == 1


@pytest.mark.django_db
def test_a_backup_goes_to_a_bucket_and_comes_back(backups, database, settings, monkeypatch):
    private_storage().save("inquiries/a", files.File((settings.BASE_DIR / "manage.py").open("rb")))
    with ObjectStorage() as service:
        monkeypatch.setenv("BACKUP_URL", service.create_bucket("backups").replace("?", "/site?"))
        settings.STORAGES = settings.STORAGES | {
            "backups": env.backup_storage("BACKUP_URL", Path(), {})
        }
        settings.BACKUP_PASSPHRASE = "correct horse battery staple"
        backup = services.make_backup()
        assert backup.is_verified
        assert service.names("backups") == [f"site/{backup.name}"]
        assert destination.archives() == [backup.name]
        assert services.check_archive(backup.name).files == 2


def test_files_in_a_bucket_are_listed_with_those_in_folders(settings, monkeypatch):
    with ObjectStorage() as service:
        monkeypatch.setenv("PRIVATE_STORAGE_URL", service.create_bucket("listed"))
        settings.STORAGES = settings.STORAGES | {
            "private": env.private_storage("PRIVATE_STORAGE_URL", Path(), {})
        }
        names = ["a/b/c", "a/d", "e"]
        for name in names:
            service.client.put_object(Bucket="listed", Key=name, Body=b"x")
        assert sorted(private_storage().walk()) == names


def add_run() -> BackupRun:
    """A run that starts now, by the clock of the test."""
    return BackupRun.objects.create(started_at=timezone.now())


@pytest.mark.django_db
def test_the_worker_makes_a_backup_when_one_is_due(settings, set_clock, monkeypatch):
    made = []
    monkeypatch.setattr(schedule, "make_backup", lambda: made.append(add_run()))
    now = timezone.now()
    set_clock(now)
    schedule.back_up()
    assert not made, "without BACKUP_EVERY"
    settings.BACKUP_EVERY = 24
    schedule.back_up()
    schedule.back_up()
    assert len(made) == 1
    set_clock(now + timedelta(minutes=61))
    schedule.back_up()
    assert len(made) == 2, "the first has not ended"
    BackupRun.objects.update(ended_at=now)
    set_clock(now + timedelta(hours=24))
    schedule.back_up()
    assert len(made) == 2
    set_clock(now + timedelta(hours=25, minutes=2))
    schedule.back_up()
    assert len(made) == 3


@pytest.mark.django_db
def test_a_backup_of_the_future_counts_as_none_after_the_clock_was_set_back(
    settings, set_clock, monkeypatch
):
    settings.BACKUP_EVERY = 24
    monkeypatch.setattr(schedule, "make_backup", add_run)
    now = timezone.now()
    add_run()
    BackupRun.objects.update(ended_at=now)
    set_clock(now - timedelta(days=30))
    schedule.back_up()
    assert BackupRun.objects.count() == 2
    schedule.back_up()
    assert BackupRun.objects.count() == 2


@pytest.mark.parametrize(
    "url",
    ["s3://", "ftp://host/folder", "s3://key:secret@uploads", "s3://key:s@own?url=https://x/"],
)
def test_a_wrong_backup_url_is_refused(monkeypatch, url):
    monkeypatch.setenv("BACKUP_URL", url)
    with pytest.raises(ImproperlyConfigured, match="BACKUP_URL must be"):
        env.backup_storage("BACKUP_URL", Path(), {"OPTIONS": {"bucket_name": "uploads"}})


def test_a_folder_of_public_files_is_no_place_for_backups(tmp_path):
    storage = env.backup_storage("NO_SETTING", tmp_path / "media/backups", {})
    assert env.is_inside(storage, tmp_path / "media")
    assert not env.is_inside(storage, tmp_path / "private")
