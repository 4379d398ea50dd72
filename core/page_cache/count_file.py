"""Counts of views in a file beside an SQLite database, which its processes share in memory.

In the database each view would rewrite its article while other processes wait. Here it changes one
number, which the kernel keeps if the process is killed and writes to the disk within half a minute.
The worker adds the counts to the database: see core/page_cache/counting.py.
"""

import fcntl
import mmap
import os
import threading
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

NUMBER_SIZE = 8  # bytes
STEP = 2**16  # numbers by which a file grows
BLOCK = 512  # numbers that are compared at once


class SharedLock:
    """A lock between the threads of all processes that use its file. A killed process frees it."""

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._file = path.open("ab")

    def __enter__(self) -> None:
        self._threads.acquire()
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


class SharedNumbers:
    """A file of unsigned 64-bit numbers, at first 0, in the memory of all processes that use it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+b", buffering=0)
        self._map(self.size())

    def size(self) -> int:
        """How many numbers the file has; another process may have made it longer."""
        return os.fstat(self._file.fileno()).st_size // NUMBER_SIZE

    def make_room(self, index: int) -> None:
        """Have a number at `index`. Raises OSError if the disk is full."""
        if index < len(self.numbers):
            return
        size = max((index // STEP + 1) * STEP, self.size())
        # A hole in the file would kill the process that writes there when the disk is full.
        os.posix_fallocate(self._file.fileno(), 0, size * NUMBER_SIZE)
        self._map(size)

    def _map(self, size: int) -> None:
        mapped = mmap.mmap(self._file.fileno(), size * NUMBER_SIZE) if size else b""
        self.numbers = memoryview(mapped).cast("Q")

    def clear(self) -> None:
        for start in range(0, len(self.numbers), STEP):
            self.numbers[start : start + STEP] = memoryview(bytes(STEP * NUMBER_SIZE)).cast("Q")


class CountFile:
    """The counts of the rows of a model, each at the number of its primary key.

    A second file has the counts that the database has, so that the worker finds the new ones.
    """

    def __init__(self, path: Path, database_id: int) -> None:
        """Counts that were made for another `database_id` are dropped. Raises OSError."""
        self._lock = SharedLock(path.with_name(f"{path.name}.lock"))
        with self._lock:
            self._counts = SharedNumbers(path)
            self._stored = SharedNumbers(path.with_name(f"{path.name}-stored"))
            for file in (self._counts, self._stored):
                file.make_room(0)
                if file.numbers[0] != database_id:  # no row has this key
                    file.clear()
                    file.numbers[0] = database_id

    def count(self, pk: int, *, start: int, views: int) -> int:
        """Add `views` to the count of a row and return it.

        `start` is the part of the count that the database has, in case the file does not have it.
        Raises OSError.
        """
        with self._lock:
            self._counts.make_room(pk)
            numbers = self._counts.numbers
            number = max(numbers[pk], start) + views
            numbers[pk] = number
        return number

    def delete(self, pk: int) -> None:
        """Forget the count of a row. Raises OSError."""
        with self._lock:
            self._counts.make_room(pk)
            self._counts.numbers[pk] = 0

    def changed(self, limit: int) -> dict[int, int]:
        """The counts of up to `limit` rows that the database may lack, by their keys."""
        return dict(islice(self._find_changed(), limit))

    def note_stored(self, counts: Mapping[int, int]) -> None:
        """Note that the database has these counts. Raises OSError."""
        with self._lock:
            for pk, number in counts.items():
                self._stored.make_room(pk)
                self._stored.numbers[pk] = number

    def _find_changed(self) -> Iterator[tuple[int, int]]:
        last = self._counts.size() - 1
        for file in (self._counts, self._stored):
            file.make_room(last)
        for start in range(0, last, BLOCK):
            part = slice(start, start + BLOCK)
            with self._lock:
                counts, stored = (
                    file.numbers[part].tobytes() for file in (self._counts, self._stored)
                )
            if counts != stored:
                pairs = zip(*(memoryview(part).cast("Q") for part in (counts, stored)), strict=True)
                for pk, (number, known) in enumerate(pairs, start):
                    if number > known:
                        yield pk, number
