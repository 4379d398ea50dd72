"""Where uploaded files are stored."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage, storages

logger = logging.getLogger(__name__)


def private_storage() -> Storage:
    """The storage outside the public media; its files are served by views that check access."""
    return storages["private"]


def site_storages() -> dict[str, Any]:
    """The storages of the site: the public `media`, and `private`."""
    return {"media": default_storage, "private": private_storage()}


class NewFiles:
    """The files that were stored in a block of `new_files`."""

    def __init__(self) -> None:
        self._files: list[tuple[Storage, str]] = []

    def add(self, storage: Storage, name: str) -> None:
        self._files.append((storage, name))

    def delete(self) -> None:
        """Delete them; an error of the storage is only logged."""
        while self._files:
            storage, name = self._files.pop()
            try:
                storage.delete(name)
            except OSError:
                logger.exception("%s, which no row refers to, cannot be deleted.", name)


_new_files: ContextVar[NewFiles | None] = ContextVar("new_files", default=None)


@contextmanager
def new_files() -> Iterator[NewFiles]:
    """The files that are stored in the block, which are deleted again if it raises an error."""
    files = NewFiles()
    token = _new_files.set(files)
    try:
        yield files
    except BaseException:
        files.delete()
        raise
    finally:
        _new_files.reset(token)


def are_new_files_noted() -> bool:
    """Whether a block of `new_files` deletes a file that is stored now, if it is not used."""
    return _new_files.get() is not None


def note_new_file(storage: Storage, name: str) -> None:
    """Add a stored file to those of `new_files`; every storage of the site calls this."""
    if files := _new_files.get():
        files.add(storage, name)


# Begins the name of a file that is still being received.
INCOMPLETE = ".incomplete-"


class WholeFileStorage(FileSystemStorage):
    """A folder in which a file is stored whole or, if the disk is full, not at all."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store a file; returns its name. Raises OSError, and leaves nothing behind."""
        os.makedirs(self.location, exist_ok=True)
        with NamedTemporaryFile(dir=self.location, prefix=INCOMPLETE, delete=False) as copy:
            path = Path(copy.name)
            try:
                for chunk in (content if isinstance(content, File) else File(content)).chunks():
                    copy.write(chunk if isinstance(chunk, bytes) else chunk.encode())
                copy.close()
                stored = super().save(name or content.name, _CompleteFile(path), max_length)
            finally:
                path.unlink(missing_ok=True)
        note_new_file(self, stored)
        return stored

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The names of folders and of complete files."""
        folders, files = super().listdir(path)
        return folders, [name for name in files if not name.startswith(INCOMPLETE)]

    def walk(self, folder: str = "") -> Iterator[str]:
        """The names of all complete files in a folder such as `news/`, and in those within it."""
        try:
            with os.scandir(self.path(folder)) as entries:
                for entry in entries:
                    if entry.is_dir():
                        yield from self.walk(f"{folder}{entry.name}/")
                    elif not entry.name.startswith(INCOMPLETE):
                        yield f"{folder}{entry.name}"
        except FileNotFoundError:
            return

    def delete_incomplete(self, older_than: float) -> None:
        """Delete files that a killed process has not received, after `older_than` seconds."""
        for path in Path(self.location).glob(f"{INCOMPLETE}*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - older_than:
                    path.unlink()


class _CompleteFile(File):
    """A file that Django's storage moves to its place."""

    def __init__(self, path: Path) -> None:
        super().__init__(None, name=str(path))

    def temporary_file_path(self) -> str:
        return self.name or ""
