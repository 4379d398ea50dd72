"""Where uploaded files are stored."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages


def private_storage() -> Storage:
    """The storage outside the public media; its files are served by views that check access."""
    return storages["private"]


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
                return super().save(name or content.name, _CompleteFile(path), max_length)
            finally:
                path.unlink(missing_ok=True)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The names of folders and of complete files."""
        folders, files = super().listdir(path)
        return folders, [name for name in files if not name.startswith(INCOMPLETE)]


class _CompleteFile(File):
    """A file that Django's storage moves to its place."""

    def __init__(self, path: Path) -> None:
        super().__init__(None, name=str(path))

    def temporary_file_path(self) -> str:
        return self.name or ""
