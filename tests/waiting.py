"""Waiting for what other processes do."""

import time
from collections.abc import Callable

TIMEOUT = 120  # seconds


def wait_until(condition: Callable[[], object], goal: str, every: float = 0.05) -> float:
    """Wait for the condition, which is tried `every` so many seconds; returns how many it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() < started + TIMEOUT, f"After {TIMEOUT} seconds still not: {goal}"
        time.sleep(every)
    return time.monotonic() - started
