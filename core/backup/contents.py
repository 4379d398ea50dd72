"""What a database has: compared before and after a restore."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.backup.errors import BackupError

Query = Callable[[str], list[Any]]


@dataclass
class Contents:
    """The number of rows of each table, and the migrations as pairs of app and name."""

    tables: dict[str, int]
    migrations: list[list[str]]


def read_contents(query: Query, tables: Iterable[str]) -> Contents:
    """Count the rows of `tables`; `query` returns the rows of an SQL statement."""
    counts = {
        name: query(f'SELECT COUNT(*) FROM "{name}"')[0][0]  # noqa: S608
        for name in sorted(tables)
    }
    applied = (
        query("SELECT app, name FROM django_migrations ORDER BY app, name")
        if "django_migrations" in counts
        else []
    )
    return Contents(counts, [list(row) for row in applied])


def compare_counts(expected: dict[str, int], found: dict[str, int]) -> None:
    """Raises BackupError that names the first tables whose numbers of rows differ."""
    wrong = [
        f"{name} ({found.get(name, 'missing')} instead of {expected.get(name, 'no table')})"
        for name in sorted(expected.keys() | found.keys())
        if found.get(name) != expected.get(name)
    ]
    if wrong:
        raise BackupError(f"The numbers of rows differ: {', '.join(wrong[:5])}.")
