"""Long tables as CSV, sent row by row."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from core.spreadsheets.cells import escape_formula


class Echo:
    """A file whose `write` returns the line, so that the table is not stored in memory."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download called `name` with these rows in UTF-8, formulas escaped."""
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\N{BYTE ORDER MARK}"  # so that spreadsheets recognise UTF-8
    for row in rows:
        yield writer.writerow([escape_formula(cell) for cell in row])
