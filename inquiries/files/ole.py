"""Office files of before 2007: storages and streams in a compound file, as [MS-CFB] describes."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from inquiries.files import refusals

MAX_SECTOR_SIZE = 4096
DIRECTORY_ENTRY_SIZE = 128
NO_ENTRY = 0xFFFFFFFF
MAX_REGULAR_SECTOR = 0xFFFFFFFA
HEADER_SECTORS = 109  # numbers of sectors of the table that are in the header
STREAM = 2
ROOT = 5

KINDS = {
    "worddocument": "doc",
    "workbook": "xls",
    "book": "xls",
    "powerpoint document": "ppt",
    "visiodocument": "vsd",
}
MACRO_STORAGES = {"macros", "vba", "_vba_project", "_vba_project_cur"}
PROTECTED_STREAMS = {"encryptedpackage", "encryptedsummary"}

# Records of a workbook, by [MS-XLS]
END_OF_PART, FILE_PASSWORD, SHEET = 0x0A, 0x2F, 0x85
MACRO_SHEETS = {1, 6}  # macros of Excel 4, and modules of Excel 5
ENCRYPTED_DOCUMENT = 0x0100  # a flag in the header of a Word document
# The record of a presentation that says whether it has macros, by [MS-PPT]
PRESENTATION_MACROS = re.compile(rb"\x02\0\0\x04\x0c\0\0\0.{4}\x01\0\0\0", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """A storage or stream of a compound file, with the numbers of its neighbours in the tree."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    first_sector: int
    size: int


class CompoundFile:
    """The directory of a compound file, and the content of its streams.

    Raises ValueError, IndexError or struct.error for a damaged file.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        (sector_shift,) = struct.unpack_from("<H", data, 30)
        self.sector_size = 1 << sector_shift
        if self.sector_size not in {512, MAX_SECTOR_SIZE}:
            raise ValueError("unknown sector size")
        (directory,) = struct.unpack_from("<I", data, 48)
        self.min_stream_size, small_table = struct.unpack_from("<II", data, 56)
        self.table = self._read_table()
        self.entries = list(self._read_entries(self._sectors(directory)))
        if not self.entries or self.entries[0].kind != ROOT:
            raise ValueError("no root")
        small = self._sectors(small_table) if small_table < MAX_REGULAR_SECTOR else b""
        self.small_table = struct.unpack(f"<{len(small) // 4}I", small)
        root = self.entries[0]
        has_small_streams = root.first_sector < MAX_REGULAR_SECTOR
        self.small_streams = self._sectors(root.first_sector) if has_small_streams else b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        if start >= len(self.data):
            raise ValueError("the file is cut off")
        return self.data[start : start + self.sector_size].ljust(self.sector_size, b"\0")

    def _read_table(self) -> tuple[int, ...]:
        """The number of the sector that follows each sector."""
        numbers = list(struct.unpack_from(f"<{HEADER_SECTORS}I", self.data, 76))
        (following,) = struct.unpack_from("<I", self.data, 68)
        max_sectors = len(self.data) // self.sector_size + 1
        while following < MAX_REGULAR_SECTOR:
            *more, following = struct.unpack(f"<{self.sector_size // 4}I", self._sector(following))
            numbers += more
            if len(numbers) > max_sectors + self.sector_size:
                raise ValueError("a loop of sectors")
        used = [number for number in numbers if number < MAX_REGULAR_SECTOR]
        table = b"".join(map(self._sector, used))
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _sectors(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(first, self.table))

    @staticmethod
    def _chain(first: int, table: tuple[int, ...]) -> Iterator[int]:
        number, seen = first, 0
        while number < MAX_REGULAR_SECTOR:
            yield number
            number, seen = table[number], seen + 1
            if seen > len(table):
                raise ValueError("a loop of sectors")

    def _read_entries(self, directory: bytes) -> Iterator[Entry]:
        for at in range(0, len(directory), DIRECTORY_ENTRY_SIZE):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            left, right, child = struct.unpack_from("<III", directory, at + 68)
            first_sector, size = struct.unpack_from("<II", directory, at + 116)
            yield Entry(name.lower(), kind, left, right, child, first_sector, size)

    def root_entries(self) -> dict[str, Entry]:
        """The entries that are not inside of a storage, such as an embedded document, by name."""
        found: dict[str, Entry] = {}
        left, seen = [self.entries[0].child], 0
        while left:
            number = left.pop()
            if number == NO_ENTRY:
                continue
            entry = self.entries[number]
            found[entry.name] = entry
            left += [entry.left, entry.right]
            seen += 1
            if seen > len(self.entries):
                raise ValueError("a loop of entries")
        return found

    def read(self, entry: Entry) -> bytes:
        """The content of a stream."""
        if entry.size >= self.min_stream_size:
            return self._sectors(entry.first_sector)[: entry.size]
        parts = (
            self.small_streams[number * 64 : number * 64 + 64]
            for number in self._chain(entry.first_sector, self.small_table)
        )
        return b"".join(parts)[: entry.size]


def ole_kind(data: bytes) -> str:
    """The kind of a document in a compound file, such as `xls`.

    Raises ValidationError, with the reason, for another type, a damaged or protected file, or
    macros.
    """
    try:
        file = CompoundFile(data)
        names = {entry.name for entry in file.entries if entry.kind}
        entries = file.root_entries()
        if names & PROTECTED_STREAMS:
            raise refusals.protected()
        main = next((name for name in KINDS if name in entries), None)
        if main is None or entries[main].kind != STREAM:
            raise refusals.not_accepted()
        if names & MACRO_STORAGES:
            raise refusals.macros()
        kind = KINDS[main]
        _check_content(kind, file.read(entries[main]))
    except (ValueError, IndexError, struct.error) as error:
        raise refusals.damaged() from error
    return kind


def _check_content(kind: str, content: bytes) -> None:
    """Raise ValidationError for macros that are not in a storage, and for encrypted content."""
    if kind == "doc" and struct.unpack_from("<H", content, 10)[0] & ENCRYPTED_DOCUMENT:
        raise refusals.protected()
    if kind == "ppt" and PRESENTATION_MACROS.search(content):
        raise refusals.macros()
    if kind == "xls":
        _check_workbook(content)


def _check_workbook(content: bytes) -> None:
    at = 0
    while at + 4 <= len(content):
        record, size = struct.unpack_from("<HH", content, at)
        if record == END_OF_PART:
            return
        if record == FILE_PASSWORD:
            raise refusals.protected()
        if record == SHEET and content[at + 9] in MACRO_SHEETS:
            raise refusals.macros()
        at += 4 + size
