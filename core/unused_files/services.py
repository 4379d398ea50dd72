"""Finding the files that nothing refers to, and deleting them after a while."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.images.renditions import WIDTHS, rendition_name
from core.storage import WholeFileStorage, site_storages
from core.unused_files.models import CleanupRun, UnusedFile
from core.unused_files.references import referenced_names, upload_folders
from core.worker.schedule import is_stopping

MAX_DELETED = 10_000  # files in one run
BATCH = 500  # names
MAX_GAP = timedelta(days=10)  # between two runs
INCOMPLETE_LIFETIME = 24 * 3600  # seconds

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Name = tuple[str, str]  # of the storage, and of the file in it


class StoppingError(Exception):
    """The worker is asked to end."""


class FileList:
    """The names of files, in a temporary database on disk: memory does not grow with them."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(
            "CREATE TABLE file (name TEXT, storage TEXT, PRIMARY KEY (name, storage)) WITHOUT ROWID"
        )

    def close(self) -> None:
        self._database.close()

    def __len__(self) -> int:
        [number] = self._database.execute("SELECT COUNT(*) FROM file").fetchone()
        return int(number)

    def __iter__(self) -> Iterator[Name]:
        yield from self._database.execute("SELECT storage, name FROM file")

    def __contains__(self, file: Name) -> bool:
        query = "SELECT 1 FROM file WHERE storage = ? AND name = ?"
        return self._database.execute(query, file).fetchone() is not None

    def add(self, files: Iterable[Name]) -> Self:
        self._database.executemany(
            "INSERT OR IGNORE INTO file (storage, name) VALUES (?, ?)", files
        )
        return self

    def remove(self, names: Iterable[str]) -> None:
        """Remove the files with these names from the list, in all storages."""
        self._database.executemany("DELETE FROM file WHERE name = ?", ((name,) for name in names))


def delete_unused_files() -> CleanupRun:
    """Delete the files that nothing has referred to for UNUSED_FILE_RETENTION days.

    Those that are found for the first time are noted. At most MAX_DELETED are deleted; the next run
    goes on. Returns the log of the run, which is also written if it fails.
    """
    run = CleanupRun.objects.create(started_at=timezone.now())
    try:
        with _unused_files() as (number, unused):
            run.files = number
            _note(unused)
        _delete_old(run)
        run.unused = UnusedFile.objects.count()
    except StoppingError:
        run.delete()
        raise
    except Exception as error:
        run.error = str(error) or type(error).__name__
        raise
    finally:
        if run.pk:
            run.ended_at = timezone.now()
            run.save()
    logger.info(
        "Deleted %d unused files of %d (%d bytes); %d others are unused.",
        *(run.deleted, run.files, run.deleted_bytes, run.unused),
    )
    return run


def list_unused_files() -> Iterator[UnusedFile]:
    """The files that nothing refers to now; nothing is changed."""
    with _unused_files() as (_number, unused):
        for storage, name in unused:
            known = UnusedFile.objects.filter(storage=storage, name=name).first()
            yield known or UnusedFile(storage=storage, name=name, unused_since=timezone.now())


def keep_file(name: str) -> None:
    """Keep a file that was there before; called in the transaction of what refers to it now."""
    UnusedFile.objects.filter(name=name).delete()


def delete_incomplete_files() -> None:
    """Delete what is left of files whose process was killed while it received them."""
    for storage in site_storages().values():
        if isinstance(storage, WholeFileStorage):
            storage.delete_incomplete(INCOMPLETE_LIFETIME)


@contextmanager
def _unused_files() -> Iterator[tuple[int, FileList]]:
    """The number of all files, and those that no row refers to."""
    folders = upload_folders()
    with closing(FileList()) as files:
        files.add(_until_stopping(_stored_files(folders)))
        number = len(files)
        files.remove(
            _until_stopping(_with_copies(referenced_names(set().union(*folders.values()))))
        )
        yield number, files


def _stored_files(folders: dict[str, set[str]]) -> Iterator[Name]:
    for label, storage in site_storages().items():
        for folder in folders[label]:
            for name in storage.walk(f"{folder}/"):
                yield label, name


def _with_copies(names: Iterable[str]) -> Iterator[str]:
    """The names, each with those of the smaller copies of a picture."""
    for name in names:
        yield name
        for width in WIDTHS:
            yield rendition_name(name, width)


def _until_stopping(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        if is_stopping.is_set():
            raise StoppingError
        yield item


def _note(unused: FileList) -> None:
    """Note the unused files, and forget those that are used again or gone."""
    now = timezone.now()
    if not CleanupRun.objects.filter(error="", ended_at__gt=now - MAX_GAP).exists():
        # Nobody knows whether they were used meanwhile, such as before a backup was restored.
        UnusedFile.objects.update(unused_since=now)
    last = 0
    while noted := list(UnusedFile.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = noted[-1].pk
        others = [file.pk for file in noted if (file.storage, file.name) not in unused]
        UnusedFile.objects.filter(pk__in=others).delete()
    names = iter(unused)
    while found := list(islice(names, BATCH)):
        rows = [UnusedFile(storage=storage, name=name, unused_since=now) for storage, name in found]
        UnusedFile.objects.bulk_create(rows, ignore_conflicts=True)


def _delete_old(run: CleanupRun) -> None:
    oldest = timezone.now() - timedelta(days=settings.UNUSED_FILE_RETENTION)
    old = UnusedFile.objects.filter(unused_since__lte=oldest).order_by("unused_since", "pk")
    for file in _until_stopping(list(old[:MAX_DELETED])):
        size = _delete(file)
        if size is not None:
            run.deleted += 1
            run.deleted_bytes += size


def _delete(file: UnusedFile) -> int | None:
    """Delete a file; returns its size, or None if it is used again or cannot be deleted."""
    storage: Any = site_storages()[file.storage]
    try:
        with transaction.atomic():
            deleted, _rows = UnusedFile.objects.filter(pk=file.pk).delete()
            if not deleted:  # see `keep_file`
                return None
            size = int(storage.size(file.name))
            storage.delete(file.name)
    except OSError:
        logger.exception("The unused file %s cannot be deleted.", file)
        return None
    return size
