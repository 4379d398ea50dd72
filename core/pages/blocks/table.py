from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, line, paragraph

MAX_ROWS = 500


class TableBlock(Block):
    label = _("Table")
    order = 80
    translated: ClassVar = ["heading", "rows", "note"]

    heading = line(_("Heading"))
    rows = paragraph(
        _("Rows"),
        max_length=50_000,
        rows=8,
        help_text=_(
            "One row per line, the first of which is the head. Between the cells a tab, as when "
            "they are copied from a spreadsheet, or |."
        ),
    )
    note = line(_("Note below the table"))

    @classmethod
    def prepare(cls, blocks: list[dict[str, Any]], request: HttpRequest) -> None:
        for block in blocks:
            rows = read_rows(block["rows"])
            block["head"], block["body"] = (rows[0], rows[1:]) if rows else ([], [])


def read_rows(text: str) -> list[list[str]]:
    """The cells of each line, all rows of the same length."""
    lines = [line for line in text.splitlines() if line.strip()][:MAX_ROWS]
    rows = [[cell.strip() for cell in line.split("\t" if "\t" in line else "|")] for line in lines]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
