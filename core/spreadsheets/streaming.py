"""Long tables as CSV, row by row."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from core.spreadsheets.cells import harmless


class Echo:
    """A file that hands back what is written, so that a long table is never held whole."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download called `name` with these rows, in UTF-8; no cell is taken for a formula."""
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\N{BYTE ORDER MARK}"  # by which spreadsheets know UTF-8
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])
