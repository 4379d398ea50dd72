"""The report of an import: what was saved, and what was skipped and why."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MAX_SUBJECT_WIDTH = 60  # characters
MAX_REASON_LENGTH = 300  # characters; a URL may hold a whole picture


@dataclass
class ImportReport:
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[tuple[str, str], None] = field(default_factory=dict)  # in order, without duplicates

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number

    def note(self, subject: str, reason: str) -> None:
        """Add a row about something that was skipped or changed."""
        self.rows[(subject, _shorten(reason, MAX_REASON_LENGTH))] = None

    def lines(self) -> list[str]:
        """The counts, followed by a table of the notes."""
        lines = [f"{number:>6}  {what}" for what, number in self.counts.items() if number]
        if self.rows:
            heads = (_("Item"), _("Skipped or changed, and why"))
            rows = [heads, *self.rows]
            width = min(max(len(subject) for subject, _reason in rows), MAX_SUBJECT_WIDTH)
            lines.append("")
            lines += [f"{_shorten(subject, width):<{width}}  {reason}" for subject, reason in rows]
        return lines


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
