"""The files of the site: uploads in `media/`, and private files in `private/`, wherever stored."""

import tempfile

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File

from core.backup.archive import CHUNK_SIZE, ArchiveWriter, HashingReader
from core.backup.errors import BackupError
from core.storage import site_storages

MAX_MEMORY = 1024 * 1024  # bytes of a file; a larger one is restored through a temporary file


def has_files() -> bool:
    """Whether the site has any file."""
    return any(next(storage.walk(), None) for storage in site_storages().values())


def add_files(archive: ArchiveWriter) -> None:
    """Add all files of the site. A file that is deleted meanwhile is left out."""
    for folder, storage in site_storages().items():
        for name in storage.walk():
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
    storage = site_storages()[folder]
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
