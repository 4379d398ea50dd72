"""Folders of uploads for a test, and a small disk, which is soon full or becomes read-only."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import FileField

from core.storage import private_storage


def use_private_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store private files in this folder."""
    # Fields keep their storage when other tests change the setting.
    fields = [field for model in apps.get_models() for field in model._meta.local_concrete_fields]
    stores = {field.storage for field in fields if isinstance(field, FileField)}
    for storage in {*stores, private_storage()} - {default_storage}:
        for name in ("location", "base_location"):  # the first depends on the second
            monkeypatch.setattr(storage, name, str(folder))


class SmallDisk:
    """A file system of 64 KB. Where none may be mounted, writing fails after as many bytes."""

    SIZE = 64 * 1024

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={self.SIZE}", "tmpfs", str(folder)]
        self.is_mounted = os.getuid() == 0 and self._run("mount", *options)
        if not self.is_mounted:
            self._fail_after(self.SIZE, errno.ENOSPC)

    def make_read_only(self) -> None:
        if not (self.is_mounted and self._run("mount", "-o", "remount,ro", str(self.folder))):
            self._fail_after(0, errno.EROFS)

    def files(self) -> list[str]:
        """The names of all files on it, also of those that are not complete."""
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())

    def unmount(self) -> None:
        if self.is_mounted:
            self._run("umount", "--lazy", str(self.folder))

    @staticmethod
    def _run(*command: str) -> bool:
        program = shutil.which(command[0])
        return (
            bool(program)
            and subprocess.run([program, *command[1:]], capture_output=True, check=False).returncode
            == 0
        )

    def _fail_after(self, size: int, code: int) -> None:
        def chunks(file: File, chunk_size: int | None = None) -> Iterator[bytes]:
            file.seek(0)
            yield file.read(size)
            if file.read(1):
                raise OSError(code, os.strerror(code))

        self.monkeypatch.setattr("django.core.files.base.File.chunks", chunks)


@contextmanager
def small_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    disk = SmallDisk(folder, monkeypatch)
    try:
        yield disk
    finally:
        disk.unmount()
