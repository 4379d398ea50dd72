"""ZIP files with one sheet and the files that it names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import tablib
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.reading import DETECT_ALL, MAX_ROWS, ReadingOptions, Sheet
from core.spreadsheets.writing import Row, Writer, XlsxWriter

# As many as can be imported in about ten seconds, while the user waits: a picture takes a fifth of
# a second, a large photograph half a second.
MAX_FILES = 50  # beside the sheet
MAX_MEGABYTES = 40  # unpacked
MAX_EXPORTED_MEGABYTES = 2_000  # of the pictures in a ZIP file that the worker makes
SHEETS: dict[str, type[CSV] | type[XLSX]] = {".csv": CSV, ".tsv": CSV, ".xlsx": XLSX}

ENTRY_SIGNATURE = b"PK\x01\x02"  # before each entry of the table of contents
MAX_ENTRIES = 20 * MAX_FILES
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"  # old Office files, and new ones with a password
OTHER_SIGNATURES = (
    *(
        b"%PDF",
        b"{\\rtf",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"Rar!",
        b"7z\xbc\xaf",
        b"\x1f\x8b",
    ),
    *(b"<html", b"<HTML", b"<!DOCTYPE", b"<!doctype", b"<?xml", b"<table"),
)
COMPRESSIONS = {ZIP_STORED, ZIP_DEFLATED}  # zipfile reads others without a size limit
IS_UTF_8, IS_ENCRYPTED = 0x800, 0x1  # flags of an entry
OUTSIDE_PATH = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")
# Files that operating systems and office programs add.
IGNORED_NAMES = re.compile(r"(^|/)(\.|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


class Archive:
    """The files of a ZIP file by name, whatever folder they are in; nothing is unpacked to disk.

    Raises ValidationError, before any file is read, for data that is not a ZIP file, has paths
    outside of it, is encrypted, or is too large.
    """

    def __init__(self, data: bytes) -> None:
        # The table of contents alone could fill the memory.
        if data.count(ENTRY_SIGNATURE) > MAX_ENTRIES:
            raise _too_many()
        try:
            self._zip = ZipFile(BytesIO(data))
        except Exception as error:  # zipfile raises almost anything for a damaged file
            raise ValidationError(_("This is not a ZIP file, or it is damaged.")) from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        self._check(entries)
        entries = [entry for entry in entries if not IGNORED_NAMES.search(entry.filename)]
        if len(entries) > MAX_FILES + 1:
            raise _too_many()
        self._entries: dict[str, ZipInfo] = {}
        for entry in entries:
            if self._entries.setdefault(_lookup_key(entry.filename), entry) is not entry:
                name = _base_name(entry.filename)
                raise ValidationError(_("The ZIP file contains two files named “%s”.") % name)
        self._unread = {entry.filename for entry in entries}
        for entry in entries:
            for name in _other_decodings(entry):
                self._entries.setdefault(_lookup_key(name), entry)

    def _check(self, entries: list[ZipInfo]) -> None:
        for entry in entries:
            if OUTSIDE_PATH.search(entry.filename):
                text = _("“%s” points outside the ZIP file. Create the ZIP file again.")
                raise ValidationError(text % entry.filename)
            if entry.flag_bits & IS_ENCRYPTED:
                raise ValidationError(
                    _("The ZIP file is password-protected. Create it without a password.")
                )
        if sum(entry.file_size for entry in entries) > MAX_MEGABYTES * 1024 * 1024:
            text = _("The unpacked ZIP file is larger than %(limit)d MB. Import it in parts.")
            raise ValidationError(text % {"limit": MAX_MEGABYTES})

    @property
    def names(self) -> list[str]:
        return sorted({_base_name(entry.filename) for entry in self._entries.values()})

    @property
    def unread(self) -> list[str]:
        """The names of the files that were not read."""
        return sorted(_base_name(name) for name in self._unread)

    def read(self, name: str) -> bytes | None:
        """The content of the file with this name, ignoring case; None if there is none.

        Raises ValidationError if the file is damaged.
        """
        entry = self._entries.get(_lookup_key(name)) if _base_name(name) == name else None
        if entry is None:
            return None
        self._unread.discard(entry.filename)
        try:
            if entry.compress_type not in COMPRESSIONS:
                raise NotImplementedError
            return self._zip.read(entry)  # at most as many bytes as its entry declares
        except Exception as error:  # zipfile raises almost anything here, too
            text = _("“%s” is damaged or uses an unsupported compression method.")
            raise ValidationError(text % name) from error


class ZipWriter(Writer):
    """A ZIP file with an XLSX file, and the files that are added, of which none is in memory."""

    def __init__(self, out: IO[bytes], headings: Sequence[str]) -> None:
        super().__init__(out, headings)
        self._sheet_file = TemporaryFile()  # noqa: SIM115 -- closed at the end
        self._sheet = XlsxWriter(self._sheet_file, headings)
        self._packed = ZipFile(out, "w", ZIP_STORED)  # pictures and sheets are compressed already
        self._names: set[str] = set()
        self._bytes_left = MAX_EXPORTED_MEGABYTES * 1024 * 1024

    def write(self, rows: Sequence[Row]) -> None:
        self._sheet.write(rows)

    def add_files(self, files: Iterable[File]) -> None:
        """Add files; repeated and missing ones are skipped. Raises ValueError if it is too much."""
        for file in files:
            name = PurePosixPath(str(file.name)).name
            if name in self._names:
                continue
            self._names.add(name)
            with suppress(FileNotFoundError), file.open("rb") as source:
                self._bytes_left -= file.size
                if self._bytes_left < 0:
                    text = _(
                        "The selected rows have more than %(size)d MB of files. Use the list "
                        "filters to reduce the number."
                    )
                    raise ValueError(text % {"size": MAX_EXPORTED_MEGABYTES})
                with self._packed.open(name, "w") as target:
                    copyfileobj(source, target)

    def complete(self) -> None:
        self._sheet.complete()
        self._sheet_file.seek(0)
        with self._packed.open("sheet.xlsx", "w", force_zip64=True) as target:
            copyfileobj(self._sheet_file, target)
        self._packed.close()
        self._sheet_file.close()

    def discard(self) -> None:
        self._sheet.discard()
        self._sheet_file.close()
        self._packed.close()  # while `out` is open


class TooManyFilesError(ValueError):
    """A ZIP file would be too large to be made while the user waits, and to be imported again."""


class ZIP(base_formats.Format):
    """A ZIP file with one CSV or XLSX file, and the files that it names.

    An imported dataset has the Archive as `files`. If an exported dataset has `files`, they are
    added beside the sheet.
    """

    writer_class = ZipWriter

    def __init__(self, encoding: str | None = None) -> None:
        """Ignore `encoding`, which the library passes to every format."""

    def get_title(self) -> str:
        return "zip"

    def get_extension(self) -> str:
        return "zip"

    def get_content_type(self) -> str:
        return "application/zip"

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(
        self, in_stream: bytes, options: ReadingOptions = DETECT_ALL, limit: int = MAX_ROWS
    ) -> tablib.Dataset:
        archive = Archive(in_stream)
        sheet_format, data = self._find_sheet(archive)
        dataset = sheet_format.create_dataset(data, options, limit)
        dataset.files = archive
        return dataset

    def open_sheet(self, data: bytes, options: ReadingOptions = DETECT_ALL) -> Sheet:
        archive = Archive(data)
        sheet_format, data = self._find_sheet(archive)
        sheet = sheet_format.open_sheet(data, options)
        sheet.files = archive
        return sheet

    @staticmethod
    def _find_sheet(archive: Archive) -> tuple[CSV | XLSX, bytes]:
        """The only sheet; raises ValidationError if there is none or several."""
        sheets = [name for name in archive.names if _suffix(name) in SHEETS]
        if len(sheets) != 1:
            text = _(
                "The ZIP file must contain exactly one CSV or XLSX file; it contains %(number)d."
            )
            raise ValidationError(text % {"number": len(sheets)})
        return SHEETS[_suffix(sheets[0])](), archive.read(sheets[0]) or b""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The ZIP file; raises TooManyFilesError."""
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as packed:
            packed.writestr("sheet.xlsx", XLSX().export_data(dataset, **kwargs))
            for name, data in _read_files(getattr(dataset, "files", ())):
                packed.writestr(name, data, ZIP_STORED)  # pictures are already compressed
        return out.getvalue()


def _read_files(files: Iterable[File]) -> Iterator[tuple[str, bytes]]:
    """The name and content of each file; repeated and missing files are skipped."""
    names: set[str] = set()
    left = MAX_MEGABYTES * 1024 * 1024
    for file in files:
        name = PurePosixPath(str(file.name)).name
        if name in names:
            continue
        names.add(name)
        with suppress(FileNotFoundError), file.open("rb"):
            data = file.read()
            left -= len(data)
            if left < 0 or len(names) > MAX_FILES:
                limits = {"files": MAX_FILES, "size": MAX_MEGABYTES}
                raise TooManyFilesError(
                    _(
                        "The selected rows have more than %(files)d files or %(size)d MB "
                        "of files. Use the list filters to reduce the number."
                    )
                    % limits
                )
            yield name, data


def detect_format(data: bytes) -> type[CSV] | type[XLSX] | type[ZIP]:
    """The format of a file by its content; raises ValidationError for one that is no sheet."""
    if data.startswith(OLE_SIGNATURE):
        text = _(
            "This is an Excel file in the old XLS format, or one with a password. "
            "Save it as XLSX without a password."
        )
        raise ValidationError(text)
    if data.startswith(OTHER_SIGNATURES):
        raise ValidationError(_("This file is not a table. Save it as XLSX or CSV."))
    if not data.startswith(b"PK"):
        return CSV
    names: set[str] = set()
    if data.count(ENTRY_SIGNATURE) <= MAX_ENTRIES:
        with suppress(Exception), ZipFile(BytesIO(data)) as packed:  # ZIP reports a damaged file
            names = {entry.filename for entry in packed.infolist()}
    if "content.xml" in names or any(name.endswith(".iwa") for name in names):
        text = _("This is an OpenDocument or Numbers file. Save it as XLSX or CSV.")
        raise ValidationError(text)
    return XLSX if any(name.startswith("xl/") for name in names) else ZIP


def open_sheet(data: bytes, options: ReadingOptions) -> Sheet:
    """The table in a CSV, XLSX or ZIP file, to be read row by row.

    Raises ValidationError, also from its rows, for a file that cannot be read.
    """
    return detect_format(data)().open_sheet(data, options)


def _too_many() -> ValidationError:
    text = _("The ZIP file contains more than %(limit)d files. Import it in parts.")
    return ValidationError(text % {"limit": MAX_FILES})


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _lookup_key(name: str) -> str:
    """The file name without folder, in lower case, and with accents in one Unicode form."""
    return unicodedata.normalize("NFC", _base_name(name)).casefold()


def _base_name(name: str) -> str:
    """The name without its folder; some Windows programs use backslashes as separators."""
    return PurePosixPath(name.replace("\\", "/")).name


def _other_decodings(entry: ZipInfo) -> Iterator[str]:
    """The name as UTF-8 and as GB 18030 (Chinese Windows), if the entry is not marked as UTF-8."""
    if not entry.flag_bits & IS_UTF_8:
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeError):
                yield entry.filename.encode("cp437").decode(encoding)
