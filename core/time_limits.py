"""The time limit of what the current thread does, such as a job of the worker.

Statements on PostgreSQL, programs and connections that are started within it end with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from threading import Timer
from time import monotonic

_end: ContextVar[float | None] = ContextVar("end", default=None)


class TimeLimitError(TimeoutError):
    """The time limit is over."""


@contextmanager
def time_limit(limit: timedelta) -> Iterator[None]:
    """Limit the time of what is done in this context, which is not interrupted by itself."""
    token = _end.set(monotonic() + limit.total_seconds())
    try:
        yield
    finally:
        _end.reset(token)


def time_left() -> float | None:
    """The seconds until the limit, 0 if it is over; None without a limit."""
    end = _end.get()
    return None if end is None else max(end - monotonic(), 0.0)


def check_time() -> None:
    """Raise TimeLimitError if the limit is over."""
    if time_left() == 0:
        raise TimeLimitError("It took longer than its time limit.")


@contextmanager
def call_at_limit(end: Callable[[], object]) -> Iterator[None]:
    """Call `end` from another thread if the limit is over before this context.

    It ends what would wait for ever otherwise: a program, or a connection.
    """
    left = time_left()
    if left is None:
        yield
        return
    timer = Timer(left, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
