"""The format of an archive: a compressed tar file that is written and read as a stream.

It has the database, the uploads in `media/` and the private files in `private/`, then `SHA256SUMS`,
which `sha256sum --check` reads, and last `manifest.json`, which says what must be there.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, Self

from core.backup.errors import BackupError, DamagedError
from core.time_limits import check_time

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FOLDERS = ("media", "private")
MAX_MANIFEST_SIZE = 16 * 1024 * 1024  # bytes
CHUNK_SIZE = 256 * 1024  # bytes


@dataclass
class Manifest:
    """What an archive has: the version of the site, and what must be there after a restore."""

    version: str
    created_at: str
    vendor: str  # of the database, as Django names it
    database: str  # the name of its file
    tables: dict[str, int] = field(default_factory=dict)  # the number of rows in each
    migrations: list[list[str]] = field(default_factory=list)  # pairs of app and name
    files: int = 0
    size: int = 0  # bytes of all files
    sums: str = ""  # SHA-256 of SHA256SUMS
    format: int = FORMAT

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises DamagedError, or BackupError for another format."""
        try:
            values = json.loads(text)
            if values["format"] != FORMAT:
                raise BackupError("The archive was made by a newer version of the site.")
            return cls(**values)
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedError("The manifest of the archive cannot be read.") from error


class HashingReader:
    """A file that notes the hash and the number of the bytes that are read from it.

    Raises TimeLimitError if the time limit is over.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        check_time()
        data: bytes = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class ArchiveWriter:
    """Adds files to an archive, one after another."""

    def __init__(self, tar: Any, sums: IO[bytes]) -> None:
        self._tar = tar
        self._sums = sums
        self.files = self.size = 0

    def add(self, name: str, file: Any, size: int) -> None:
        """Add a file. Raises BackupError if it has changed its size."""
        reader = HashingReader(file)
        try:
            self._add(name, reader, size)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise BackupError(f"{name} cannot be archived: {error}") from error
        self._sums.write(f"{reader.hexdigest()}  {name}\n".encode())
        self.files += 1
        self.size += size

    def finish(self, manifest: Manifest) -> None:
        """Add the hashes and the manifest."""
        size = self._sums.tell()
        self._sums.seek(0)
        reader = HashingReader(self._sums)
        self._add(SUMS, reader, size)
        manifest.files, manifest.size, manifest.sums = self.files, self.size, reader.hexdigest()
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode()
        self._add(MANIFEST, io.BytesIO(text), len(text))

    def _add(self, name: str, file: Any, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, file)
        self._tar.members = []  # which would grow with each file


@contextmanager
def write_archive(stream: IO[bytes], sums: IO[bytes]) -> Iterator[ArchiveWriter]:
    """Write an archive to `stream`; `sums` is an empty temporary file."""
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as compressed,
        tarfile.open(fileobj=compressed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield ArchiveWriter(tar, sums)


def read_archive(stream: IO[bytes], receive: Callable[[str, HashingReader], None]) -> Manifest:
    """Call `receive` with the name and the content of each file; returns the manifest.

    Raises DamagedError if the archive is not complete or not as it was written, and BackupError for
    a file that must not be in it: a link, a device, or a path that leads outside.
    """
    lines = hashlib.sha256()
    files, found = 0, {}
    for entry, content in _entries(stream):
        if entry.name in (MANIFEST, SUMS):
            if entry.name == SUMS:
                reader = HashingReader(content)
                while reader.read(CHUNK_SIZE):
                    pass
                found[SUMS] = reader.hexdigest().encode()
            else:
                found[MANIFEST] = content.read(MAX_MANIFEST_SIZE)
            continue
        reader = HashingReader(content)
        with _damage():
            receive(entry.name, reader)
            while reader.read(CHUNK_SIZE):
                pass
        lines.update(f"{reader.hexdigest()}  {entry.name}\n".encode())
        files += 1
    if MANIFEST not in found:
        raise DamagedError("The archive has no manifest: it is not complete.")
    manifest = Manifest.from_json(found[MANIFEST])
    sums = lines.hexdigest()
    if sums != manifest.sums or found.get(SUMS, b"").decode() != sums or files != manifest.files:
        raise DamagedError("A file in the archive is not as it was written.")
    return manifest


def _entries(stream: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, Any]]:
    with _damage(), gzip.GzipFile(fileobj=stream, mode="rb") as compressed:
        tar: Any
        with tarfile.open(fileobj=compressed, mode="r|") as tar:
            while (entry := tar.next()) is not None:
                tar.members = []  # which would grow with each file
                _check(entry)
                yield entry, tar.extractfile(entry)
        while compressed.read(CHUNK_SIZE):  # up to the checksum at the end
            pass


def _check(entry: tarfile.TarInfo) -> None:
    path = PurePosixPath(entry.name)
    is_inside = not path.is_absolute() and ".." not in path.parts and str(path) == entry.name
    if not (entry.isreg() and is_inside):
        raise BackupError(f"The archive has an entry that is not allowed: {entry.name!r}.")
    if len(path.parts) > 1 and path.parts[0] not in FOLDERS:
        raise BackupError(f"The archive has an unknown folder: {entry.name!r}.")


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedError(f"The archive is damaged: {error}.") from error
