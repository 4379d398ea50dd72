"""A ZIP file of XML parts that are measured while they are read, before anything is built of them.

A few kilobytes can unpack to millions of elements, each of which takes openpyxl some microseconds
and hundreds of bytes.
"""

from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# openpyxl builds the elements of a row, and of a text, before it reads the next.
RELEASED = ("row", "si")
MAX_UNRELEASED = 200_000  # elements; the widest row has 16,384 cells


class TooManyElementsError(ValidationError):
    """The parts of a file have more elements than may be read."""

    def __init__(self) -> None:
        super().__init__(_("The file has too many cells. Import it in parts."))


class MeasuredZip(ZipFile):
    """A ZIP file whose parts are XML and together have at most `max_elements` elements.

    Reading more of them raises TooManyElementsError, and so does one row of too many.
    """

    def __init__(self, file: IO[bytes], max_elements: int) -> None:
        super().__init__(file)
        self.elements_left = max_elements

    def open(self, name: Any, *args: Any, **kwargs: Any) -> Any:
        return _MeasuredPart(super().open(name, *args, **kwargs), self)


class _MeasuredPart:
    """A part that is opened for reading."""

    def __init__(self, part: IO[bytes], packed: MeasuredZip) -> None:
        self._part, self._packed = part, packed
        self._unreleased = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._refuse

    def __enter__(self) -> "_MeasuredPart":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._part.close()

    def read(self, size: int = -1) -> bytes:
        data = self._part.read(size)
        self._parser.Parse(data, False)
        return data

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._packed.elements_left -= 1
        self._unreleased += 1
        if self._packed.elements_left < 0 or self._unreleased > MAX_UNRELEASED:
            raise TooManyElementsError

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] in RELEASED:
            self._unreleased = 0

    def _refuse(self, *declaration: Any) -> None:
        raise ValidationError(
            _("This is not an XLSX file, or it is damaged. Save it as XLSX or CSV.")
        )
