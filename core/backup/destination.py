"""Where archives are: the folder or the bucket of BACKUP_URL."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages

from core.backup.errors import BackupError

TIME_FORMAT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"tradepost-(\d{8}T\d{6}Z)\.tar\.gz(\.gpg|\.age)?")
UNFINISHED = ".unfinished-"
ABANDONED_AFTER = 24 * 3600  # seconds


def storage() -> Storage:
    """The storage of archives."""
    return storages["backups"]


def archive_name(time: datetime, suffix: str) -> str:
    return f"tradepost-{time.astimezone(UTC).strftime(TIME_FORMAT)}.tar.gz{suffix}"


def scratch_folder() -> Path | None:
    """The folder for unfinished archives; None if BACKUP_URL is a bucket: the system's folder.

    Raises BackupError if the folder cannot be written.
    """
    try:
        folder = Path(storage().path(""))
    except NotImplementedError:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"The folder for backups cannot be used: {error}") from error
    for abandoned in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            if abandoned.stat().st_mtime < time.time() - ABANDONED_AFTER:
                shutil.rmtree(abandoned)
    return folder


def store(path: Path, name: str) -> None:
    """Store a complete archive; a reader finds all of it or nothing. Raises OSError."""
    if scratch_folder():
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.chmod(0o600)
        path.replace(storage().path(name))
        return
    with path.open("rb") as file:
        storage().save(name, File(file, name))


def open_archive(name: str) -> File:
    """An archive by its name, or by the path of a file. Raises BackupError if there is none."""
    if "/" in name:
        try:
            return File(Path(name).open("rb"), name)
        except OSError as error:
            raise BackupError(f"{name} cannot be read: {error.strerror}.") from error
    try:
        return storage().open(name)
    except FileNotFoundError as error:
        known = ", ".join(archives()[-3:]) or "none"
        raise BackupError(f"There is no backup {name}; the newest are: {known}.") from error


def archives() -> list[str]:
    """The names of all archives, the oldest first."""
    try:
        _folders, names = storage().listdir("")
    except FileNotFoundError:
        return []
    return sorted(name for name in names if NAME.fullmatch(name))


def delete_old() -> list[str]:
    """Delete the archives that no rule keeps; returns their names."""
    old = sorted(set(archives()) - kept(archives()))
    for name in old:
        storage().delete(name)
    return old


def kept(names: Iterable[str]) -> set[str]:
    """Those of `names` to keep.

    BACKUP_KEEP_DAYS, BACKUP_KEEP_WEEKS and BACKUP_KEEP_MONTHS each keep the newest archive of as
    many days, weeks or months that have one. Those of the last 24 hours are all kept: the first
    of a day may be the one from before a failed upgrade.
    """
    rules: list[tuple[int, Callable[[datetime], Any]]] = [
        (settings.BACKUP_KEEP_DAYS, datetime.date),
        (settings.BACKUP_KEEP_WEEKS, lambda moment: moment.isocalendar()[:2]),
        (settings.BACKUP_KEEP_MONTHS, lambda moment: (moment.year, moment.month)),
    ]
    newest_first = sorted(names, key=_time_of, reverse=True)
    keep = {
        name
        for name in newest_first
        if _time_of(newest_first[0]) - _time_of(name) < timedelta(days=1)
    }
    for number, period in rules:
        newest: dict[Any, str] = {}
        for name in newest_first:
            newest.setdefault(period(_time_of(name)), name)
        keep.update(list(newest.values())[:number])
    return keep


def _time_of(name: str) -> datetime:
    match = NAME.fullmatch(name)
    if not match:
        raise ValueError(name)
    return datetime.strptime(match[1], TIME_FORMAT).replace(tzinfo=UTC)
