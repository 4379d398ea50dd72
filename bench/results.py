"""The measured figures, as they are stored in `bench/results/speed.json`."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Self

FOLDER = Path(__file__).with_name("results")


@dataclass
class Row:
    """A page of a site, and the requests a second that it answered in each round."""

    page: str
    site: str
    storage: str
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.rates)

    def ratio(self, other: "Row") -> float:
        """How many times faster than `other`, compared within each round."""
        return median(a / b for a, b in zip(self.rates, other.rates, strict=True))


@dataclass
class CountRow:
    """Page views requested at the same time, how many were counted, and the numbers shown."""

    site: str
    storage: str
    requests: int
    counted: int
    distinct: int

    @property
    def is_exact(self) -> bool:
        return self.requests == self.counted == self.distinct


@dataclass
class MemoryRow:
    """The memory of a worker in MB; in `proportional`, what processes share is divided by them."""

    site: str
    storage: str
    resident: float
    proportional: float


@dataclass
class Results:
    date: str
    machine: str
    versions: list[str]
    rows: list[Row] = field(default_factory=list)
    counts: list[CountRow] = field(default_factory=list)
    memory: list[MemoryRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def find(self, page: str, site: str, storage: str = "") -> Row | None:
        wanted = (page, site, storage)
        return next((r for r in self.rows if (r.page, r.site, r.storage) == wanted), None)

    def storages(self) -> list[str]:
        return list(dict.fromkeys(row.storage for row in self.rows if row.storage))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> Self:
        stored = json.loads(path.read_text())
        stored["rows"] = [Row(**row) for row in stored["rows"]]
        stored["counts"] = [CountRow(**row) for row in stored["counts"]]
        stored["memory"] = [MemoryRow(**row) for row in stored["memory"]]
        return cls(**stored)
