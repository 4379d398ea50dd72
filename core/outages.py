"""Failing at once, instead of after a time-out, while a database does not respond."""

import math
import time
from types import TracebackType

from django.db import OperationalError

RETRY_AFTER = 1.0  # seconds after a failure


class Outage:
    """A context manager for what needs a database, shared by the threads of the process.

    After a failure the block is not run, and OperationalError is raised, for RETRY_AFTER seconds.
    Then one thread runs it, while the others still fail.
    """

    def __init__(self) -> None:
        self._retry_at = 0.0

    def __enter__(self) -> None:
        if self._retry_at:
            if time.monotonic() < self._retry_at:
                raise OperationalError("The database did not respond a moment ago.")
            self._retry_at = math.inf  # until this thread knows more

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._retry_at = time.monotonic() + RETRY_AFTER if error else 0.0
