"""The files of the site: uploads in `media/`, and private files in `private/`, wherever stored."""

import tempfile
from collections.abc import Iterator

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage

from core.backup.archive import CHUNK_SIZE, ArchiveWriter, HashingReader
from core.backup.errors import BackupError
from core.storage import private_storage

MAX_MEMORY = 1024 * 1024  # bytes of a file; a larger one is restored through a temporary file


def storages() -> dict[str, Storage]:
    """The storages of the site by the folder that they have in an archive."""
    return {"media": default_storage, "private": private_storage()}


def list_files(storage: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files in a storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        if name:
            yield from list_files(storage, f"{folder}{name}/")


def has_files() -> bool:
    """Whether the site has any file."""
    return any(next(list_files(storage), None) for storage in storages().values())


def add_files(archive: ArchiveWriter) -> None:
    """Add all files of the site. A file that is deleted meanwhile is left out."""
    for folder, storage in storages().items():
        for name in list_files(storage):
            try:
                file = storage.open(name)
            except FileNotFoundError:
                continue
            with file:
                archive.add(f"{folder}/{name}", file, file.size)


def restore_file(path: str, content: HashingReader) -> None:
    """Store a file of an archive in the place of one with the same name.

    Raises BackupError if the storage refuses its name or fails.
    """
    folder, _slash, name = path.partition("/")
    storage = storages()[folder]
    with tempfile.SpooledTemporaryFile(MAX_MEMORY) as copy:
        while chunk := content.read(CHUNK_SIZE):
            copy.write(chunk)
        copy.seek(0)
        try:
            storage.delete(name)
            stored = storage.save(name, File(copy, name))
        except (OSError, SuspiciousOperation) as error:
            raise BackupError(f"{path} cannot be stored: {error}") from error
    if stored != name:
        raise BackupError(f"{path} would be stored under another name.")
