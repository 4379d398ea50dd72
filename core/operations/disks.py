"""Where the site stores its files, and how much space is free there."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GIGABYTE = 1024**3
PURPOSES = {"default": _("Uploads"), "private": _("Private files"), "backups": _("Backups")}


@dataclass(frozen=True)
class Place:
    """A folder, with the space on its disk in bytes, or a bucket, without."""

    purpose: str | Promise
    name: str
    device: int = 0
    free: int = 0
    total: int = 0

    @property
    def is_bucket(self) -> bool:
        return not self.total

    @property
    def is_full(self) -> bool:
        """Whether less than a tenth of the disk is free: at least 1 GB of it, at most 10 GB."""
        wanted = min(max(self.total // 10, GIGABYTE), 10 * GIGABYTE)
        return not self.is_bucket and self.free < wanted


def find_places() -> list[Place]:
    """Where uploads, private files, backups and an SQLite database are."""
    places = [_find_place(purpose, storages[alias]) for alias, purpose in PURPOSES.items()]
    if connection.vendor == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).parent
        places.insert(0, _measure(_("Database"), folder))
    return places


def name_of(storage: Storage) -> str:
    """The folder or the bucket of a storage."""
    if isinstance(storage, FileSystemStorage):
        return str(storage.location)
    # Not imported, because boto3 takes much memory.
    bucket, folder = getattr(storage, "bucket_name", ""), getattr(storage, "location", "")
    return f"s3://{bucket}/{folder}".rstrip("/")


def find_existing(folder: Path) -> Path:
    """A folder, or if it has not been created yet the one that it will be created in."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _find_place(purpose: str | Promise, storage: Storage) -> Place:
    if isinstance(storage, FileSystemStorage):
        return _measure(purpose, Path(storage.location))
    return Place(purpose, name_of(storage))


def _measure(purpose: str | Promise, folder: Path) -> Place:
    existing = find_existing(folder)
    usage = shutil.disk_usage(existing)
    return Place(purpose, str(folder), existing.stat().st_dev, usage.free, usage.total)
