"""An archive is read only if every byte is as it was written and every path stays inside."""

import gzip
import io
import tarfile
from contextlib import contextmanager

import pytest

from core.backup.archive import MANIFEST, SUMS, Manifest, read_archive, write_archive
from core.backup.errors import BackupError, DamagedError

FILES = {"database.sqlite3": b"rows", "media/a.webp": bytes(100_000), "private/inquiries/b": b"b"}


def new_manifest() -> Manifest:
    return Manifest("0.1.0", "2026-01-01T00:00:00", "sqlite", "database.sqlite3")


def make_archive() -> bytes:
    stream = io.BytesIO()
    with write_archive(stream, io.BytesIO()) as archive:
        for name, content in FILES.items():
            archive.add(name, io.BytesIO(content), len(content))
        archive.finish(new_manifest())
    return stream.getvalue()


def read(archive: bytes) -> dict[str, bytes]:
    found = {}
    read_archive(io.BytesIO(archive), lambda name, file: found.update({name: file.read()}))
    return found


def test_what_was_written_is_read():
    assert read(make_archive()) == FILES


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_changed_byte_is_noticed(place):
    archive = bytearray(make_archive())
    archive[int(len(archive) * place)] ^= 0xFF
    with pytest.raises(DamagedError):
        read(bytes(archive))


@pytest.mark.parametrize("place", [0, 0.3, 0.99])
def test_an_archive_that_ends_early_is_noticed(place):
    archive = make_archive()
    with pytest.raises(DamagedError):
        read(archive[: int(len(archive) * place)])


def entries(archive: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return [(entry, tar.extractfile(entry).read()) for entry in tar]


@contextmanager
def rewritten():
    """The entries of an archive in a list, and the archive that is made of them."""
    changed = entries(make_archive())
    result = io.BytesIO()
    yield changed, result
    with (
        gzip.GzipFile(fileobj=result, mode="wb") as file,
        tarfile.open(fileobj=file, mode="w|") as tar,
    ):
        for entry, content in changed:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize("name", [*FILES, MANIFEST, SUMS])
def test_a_missing_file_is_noticed(name):
    with rewritten() as (changed, result):
        changed[:] = [each for each in changed if each[0].name != name]
    with pytest.raises(DamagedError):
        read(result.getvalue())


def test_a_replaced_file_is_noticed():
    with rewritten() as (changed, result):
        changed[1] = (changed[1][0], b"other")
    with pytest.raises(DamagedError, match="not as it was written"):
        read(result.getvalue())


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../outside", "media/../../outside", "media/./a", "media//a", "other/a", ".."],
)
def test_a_path_that_leads_outside_is_refused(name):
    with rewritten() as (changed, result):
        entry = tarfile.TarInfo(name)
        changed.insert(0, (entry, b"x"))
    with pytest.raises(BackupError, match=r"not allowed|unknown folder"):
        read(result.getvalue())


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_and_devices_are_refused(kind):
    with rewritten() as (changed, result):
        entry = tarfile.TarInfo("media/link")
        entry.type, entry.linkname = kind, "/etc/passwd"
        changed.insert(0, (entry, b""))
    with pytest.raises(BackupError, match="not allowed"):
        read(result.getvalue())


def test_an_archive_of_another_format_is_refused():
    with rewritten() as (changed, result):
        entry, content = changed[-1]
        changed[-1] = (entry, content.replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(BackupError, match="newer version"):
        read(result.getvalue())


def test_a_file_that_becomes_shorter_while_it_is_read_fails_the_backup():
    with (
        pytest.raises(BackupError, match=r"media/a\.webp cannot be archived"),
        write_archive(io.BytesIO(), io.BytesIO()) as archive,
    ):
        archive.add("media/a.webp", io.BytesIO(b"short"), 100)
