"""A sheet and the files that it names, together in one ZIP file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import tablib
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from core.spreadsheets.formats import CSV, XLSX, present

# What is looked through and kept in ten seconds, while somebody waits: a picture takes a fifth of a
# second, a large photograph half of one.
MOST_FILES = 50  # beside the sheet
MOST_MEGABYTES = 40  # unpacked
SHEETS: dict[str, type[CSV] | type[XLSX]] = {".csv": CSV, ".xlsx": XLSX}

ENTRY = b"PK\x01\x02"  # that each one of a ZIP file's table of contents begins with
MOST_ENTRIES = 20 * MOST_FILES
PACKED_PLAINLY = {ZIP_STORED, ZIP_DEFLATED}  # other kinds unpack without a bound
IS_UTF_8, IS_ENCRYPTED = 0x800, 0x1  # flags of an entry
OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")
# What systems and office programs put beside the files that one chose.
NOT_CHOSEN = re.compile(r"(^|/)(\.|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


class Archive:
    """The files of a ZIP file by their names, in whatever folder they lie; nothing is unpacked.

    Raises ValidationError for what is no ZIP file, names files outside of itself, is locked, or is
    larger than is taken: before anything of it is read.
    """

    def __init__(self, data: bytes) -> None:
        # Its table of contents alone could fill the memory.
        if data.count(ENTRY) > MOST_ENTRIES:
            raise _too_many()
        try:
            self._zip = ZipFile(BytesIO(data))
        except Exception as error:  # a broken file makes its reader raise almost anything
            raise ValidationError(_("This is no ZIP file, or it is damaged.")) from error
        chosen = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        self._check(chosen)
        chosen = [entry for entry in chosen if not NOT_CHOSEN.search(entry.filename)]
        if len(chosen) > MOST_FILES + 1:
            raise _too_many()
        self._entries: dict[str, ZipInfo] = {}
        for entry in chosen:
            if self._entries.setdefault(_key(entry.filename), entry) is not entry:
                name = _base(entry.filename)
                raise ValidationError(_("Two files in the ZIP file are called “%s”.") % name)
        self._unread = {entry.filename for entry in chosen}
        for entry in chosen:
            for name in _other_readings(entry):
                self._entries.setdefault(_key(name), entry)

    def _check(self, entries: list[ZipInfo]) -> None:
        for entry in entries:
            if OUTSIDE.search(entry.filename):
                text = _("“%s” leads out of the ZIP file. Pack it anew.")
                raise ValidationError(text % entry.filename)
            if entry.flag_bits & IS_ENCRYPTED:
                raise ValidationError(_("The ZIP file is locked by a password. Pack it without."))
        if sum(entry.file_size for entry in entries) > MOST_MEGABYTES * 1024 * 1024:
            text = _("Unpacked, the ZIP file has more than %(limit)d MB. Import it in parts.")
            raise ValidationError(text % {"limit": MOST_MEGABYTES})

    @property
    def names(self) -> list[str]:
        return sorted({_base(entry.filename) for entry in self._entries.values()})

    @property
    def unread(self) -> list[str]:
        """The names of the files that nobody has asked for."""
        return sorted(_base(name) for name in self._unread)

    def read(self, name: str) -> bytes | None:
        """The file of this name, in whatever case; None where there is none.

        Raises ValidationError where it is damaged.
        """
        entry = self._entries.get(_key(name)) if _base(name) == name else None
        if entry is None:
            return None
        self._unread.discard(entry.filename)
        try:
            if entry.compress_type not in PACKED_PLAINLY:
                raise NotImplementedError
            return self._zip.read(entry)  # no more than it says of itself
        except Exception as error:  # as above
            text = _("“%s” is damaged, or packed in a way that few programs know.")
            raise ValidationError(text % name) from error


class ZIP(base_formats.Format):
    """One CSV or XLSX file, and files that it names.

    The table that is read has the Archive as its `files`. One that is written may have `files` as
    well: they are packed beside the sheet.
    """

    def __init__(self, encoding: str | None = None) -> None:
        """The library gives `encoding` to every format; a ZIP file has none."""

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

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        archive = Archive(present(in_stream))
        sheets = [name for name in archive.names if _suffix(name) in SHEETS]
        if len(sheets) != 1:
            text = _("The ZIP file must hold one CSV or XLSX file; there are %(number)d in it.")
            raise ValidationError(text % {"number": len(sheets)})
        try:
            dataset = SHEETS[_suffix(sheets[0])]().create_dataset(archive.read(sheets[0]) or b"")
        except ValidationError:
            raise
        except Exception as error:  # a broken table makes its readers raise almost anything
            text = _("“%s” in the ZIP file cannot be read as a table.")
            raise ValidationError(text % sheets[0]) from error
        dataset.files = archive
        return dataset

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """Pack the sheet and its files; raises ValueError for more than could be imported."""
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as packed:
            packed.writestr("sheet.xlsx", XLSX().export_data(dataset, **kwargs))
            for name, data in _each_file(getattr(dataset, "files", ())):
                packed.writestr(name, data, ZIP_STORED)  # pictures are packed in themselves
        return out.getvalue()


def _each_file(files: Iterable[File]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, once; one that the storage has lost is passed over."""
    names: set[str] = set()
    left = MOST_MEGABYTES * 1024 * 1024
    for file in files:
        name = PurePosixPath(str(file.name)).name
        if name in names:
            continue
        names.add(name)
        with suppress(FileNotFoundError), file.open("rb"):
            data = file.read()
            left -= len(data)
            if left < 0 or len(names) > MOST_FILES:
                limits = {"files": MOST_FILES, "size": MOST_MEGABYTES}
                raise ValueError(
                    _(
                        "These have more than %(files)d files or %(size)d MB of them."
                        " Choose fewer with the list's filters."
                    )
                    % limits
                )
            yield name, data


def _too_many() -> ValidationError:
    text = _("There are more than %(limit)d files in the ZIP file. Import it in parts.")
    return ValidationError(text % {"limit": MOST_FILES})


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _key(name: str) -> str:
    """What a file is known by: its name without folder, case, and ways to write an accent."""
    return unicodedata.normalize("NFC", _base(name)).casefold()


def _base(name: str) -> str:
    """The name without the folder, which some programs on Windows part from it their own way."""
    return PurePosixPath(name.replace("\\", "/")).name


def _other_readings(entry: ZipInfo) -> Iterator[str]:
    """The name as UTF-8 and as Chinese Windows writes it, where the ZIP file does not say which."""
    if not entry.flag_bits & IS_UTF_8:
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeError):
                yield entry.filename.encode("cp437").decode(encoding)
