"""What an import did, and what it left out and why."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass
class Report:
    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[tuple[str, str], None] = field(default_factory=dict)  # in order, each once

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number

    def note(self, about: str, reason: str) -> None:
        self.rows[(about, reason)] = None

    def lines(self) -> list[str]:
        """The counts, then a table of what needs a look."""
        lines = [f"{number:>6}  {what}" for what, number in self.counts.items() if number]
        if self.rows:
            heads = (_("Where"), _("What was skipped or changed, and why"))
            rows = [heads, *self.rows]
            width = min(max(len(about) for about, _reason in rows), 60)
            lines.append("")
            lines += [f"{_cut(about, width):<{width}}  {reason}" for about, reason in rows]
        return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
