"""Making a backup, checking it, and restoring the site from it."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import IO

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sites.models import Site
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from solo.models import SingletonModel

from core.backup import destination, encryption, files, postgres, sqlite
from core.backup.archive import CHUNK_SIZE, HashingReader, Manifest, read_archive, write_archive
from core.backup.contents import compare_counts
from core.backup.errors import BackupError
from core.backup.models import BackupRun
from core.page_cache import redis
from core.page_cache.counting import store_counts
from core.page_cache.models import ContentChange
from core.page_cache.versions import EVERY_PAGE, mark_changed
from core.time_limits import TimeLimitError
from core.unused_files.models import CleanupRun, UnusedFile
from core.version import site_release
from core.worker.lock import worker_lock
from core.worker.models import JobRun

# What `migrate` writes, and what comes without anybody's work.
NOT_CONTENT = (
    AbstractBaseSession,
    BackupRun,
    CleanupRun,
    ContentChange,
    ContentType,
    Group,
    JobRun,
    Permission,
    Site,
    UnusedFile,
)

logger = logging.getLogger(__name__)


@dataclass
class Backup:
    """An archive that was stored."""

    name: str
    manifest: Manifest
    is_verified: bool
    deleted: list[str]


def make_backup(*, verify: bool = True) -> Backup:
    """Back up the site to BACKUP_URL, restore it into a scratch database, and delete old archives.

    The run is logged, in the database too. If this machine has no key to read the archive with, it
    is not verified. Raises BackupError; an archive that cannot be restored is deleted.
    """
    run = BackupRun()
    _log(run)
    try:
        backup = _make_backup(run, verify)
    except Exception as error:
        logger.exception("The backup failed.")
        run.error, run.ended_at = str(error) or type(error).__name__, timezone.now()
        _log(run)
        if isinstance(error, OSError):
            raise BackupError(f"The backup failed: {error}") from error
        raise
    run.archive, run.is_verified, run.ended_at = backup.name, backup.is_verified, timezone.now()
    _log(run)
    logger.info("The backup %s is complete: %d files.", backup.name, backup.manifest.files)
    return backup


def _log(run: BackupRun) -> None:
    """Save a run. Before an upgrade the table may be that of an earlier version, or missing."""
    try:
        with transaction.atomic():
            run.save()
    except DatabaseError as error:
        logger.warning("The backup cannot be logged in the database: %s", error)


def _make_backup(run: BackupRun, verify: bool) -> Backup:
    name = destination.archive_name(run.started_at, encryption.suffix())
    with _scratch_folder() as scratch:
        path = scratch / name
        manifest = _write(path, scratch)
        run.size = path.stat().st_size
        destination.store(path, name)
    is_verified = verify and encryption.can_decrypt(name)
    if is_verified:
        try:
            check_archive(name)
        except (BackupError, TimeLimitError):
            destination.storage().delete(name)
            raise
    return Backup(name, manifest, is_verified, destination.delete_old())


def _write(path: Path, scratch: Path) -> Manifest:
    try:
        store_counts()
    except (redis.UnavailableError, DatabaseError) as error:
        logger.warning("The views of the last seconds are not in the backup: %s", error)
    database, dump = _database(), scratch / "database"
    contents = database.dump(dump)
    manifest = Manifest(
        version=site_release(),
        created_at=timezone.now().isoformat(timespec="seconds"),
        vendor=connection.vendor,
        database=database.FILE,
        tables=contents.tables,
        migrations=contents.migrations,
    )
    with (
        encryption.encrypting(path) as stream,
        tempfile.TemporaryFile(dir=scratch) as sums,
        write_archive(stream, sums) as archive,
    ):
        with dump.open("rb") as file:
            archive.add(manifest.database, file, dump.stat().st_size)
        dump.unlink()
        # After the database, so that no file of a row is missing.
        files.add_files(archive)
        archive.finish(manifest)
    return manifest


def check_archive(name: str) -> Manifest:
    """Read an archive to its end and restore its database into a scratch one.

    Raises BackupError if a file is not as it was written, or a row is missing.
    """
    with _scratch_folder() as scratch:
        dump = scratch / "database"
        manifest = _read(name, dump)
        _require_vendor(manifest)
        found = _database().check(dump)
    compare_counts(manifest.tables, found.tables)
    return manifest


def restore_backup(name: str, *, overwrite: bool = False) -> Manifest:
    """Replace the site's database and files by those in an archive; other files stay.

    The archive is read to its end before anything changes, and the database is replaced in one
    transaction. Raises BackupError, also for a site with content unless `overwrite`, for an archive
    of a newer version, and if the worker is running.
    """
    with worker_lock() as lock, _scratch_folder() as scratch:
        if not lock.acquire():
            raise BackupError("The worker is running. Stop the web server and the worker first.")
        if not overwrite and has_content():
            raise BackupError("The site has content. Replace it with --overwrite.")
        dump = scratch / "database"
        manifest = _read(name, dump)
        _require_vendor(manifest)
        _require_known_migrations(manifest)
        database = _database()
        database.restore(dump)
        compare_counts(manifest.tables, database.contents().tables)
        _read(name, None)
        _end_own_run(name, manifest)
        mark_changed(EVERY_PAGE)
    return manifest


def _end_own_run(name: str, manifest: Manifest) -> None:
    """Note the end of the run that made the archive: it had not ended when its dump was made."""
    ended_at = datetime.fromisoformat(manifest.created_at) + timedelta(seconds=1)  # rounded down
    try:
        with transaction.atomic():
            run = BackupRun.objects.filter(ended_at=None, started_at__lt=ended_at).first()
            if run:
                run.archive, run.ended_at = Path(name).name, ended_at
                run.save()
    except DatabaseError as error:  # the table may be that of an earlier version, or missing
        logger.warning("The backup cannot be logged in the database: %s", error)


def has_content() -> bool:
    """Whether somebody has used this site: it has rows beside those of `migrate`, or files."""
    return files.has_files() or has_rows()


def has_rows(database: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether a database has rows beside those that `migrate` writes."""
    tables = set(connections[database].introspection.table_names())
    return any(
        model._base_manager.using(database).exists()
        for model in apps.get_models()
        if model._meta.db_table in tables
        and not issubclass(model, (*NOT_CONTENT, SingletonModel))
        and model._meta.managed
    )


def _read(name: str, dump: Path | None) -> Manifest:
    """Read an archive: its database to `dump`, or without that its files to the storages."""

    def receive(path: str, content: HashingReader) -> None:
        is_database = "/" not in path
        if is_database and dump:
            with dump.open("wb") as file:
                shutil.copyfileobj(content, file, CHUNK_SIZE)
        elif not is_database and not dump:
            files.restore_file(path, content)

    with _opened(name) as stream:
        return read_archive(stream, receive)


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    with destination.open_archive(name) as file, encryption.decrypting(file, name) as stream:
        yield stream


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    folder = destination.scratch_folder()
    with tempfile.TemporaryDirectory(prefix=destination.UNFINISHED, dir=folder) as scratch:
        yield Path(scratch)


def _database() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else sqlite


def _require_vendor(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BackupError(
            f"The archive has a database of {manifest.vendor}: restore it with such a DATABASE_URL,"
            " then run `manage.py copy_database`."
        )


def _require_known_migrations(manifest: Manifest) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    apps_here = {app for app, _name in known}
    for app, name in manifest.migrations:
        if app in apps_here and (app, name) not in known:
            raise BackupError(
                f"The archive is from version {manifest.version}, with the migration {app}.{name}"
                " that this version does not have: install that version, or a newer one, first."
            )
