"""Asserts that run time grows linearly with the input, on a machine of any speed."""

import time
from collections.abc import Callable
from typing import Any

MAX_RUNS = 20
MAX_GROWTH = 3  # linear work takes twice the time for twice the input, quadratic work four times


def assert_linear(work: Callable[[Any], Any], once: Any, twice: Any) -> None:
    """Assert that `work(twice)` takes at most three times as long as `work(once)`.

    Compares the best of several runs in processor time, which other processes do not lengthen.
    """
    best = {"once": float("inf"), "twice": float("inf")}
    for _ in range(MAX_RUNS):
        for name, value in (("once", once), ("twice", twice)):
            started = time.process_time()
            work(value)
            best[name] = min(best[name], time.process_time() - started)
        if best["twice"] <= MAX_GROWTH * best["once"]:
            return
    raise AssertionError(f"Twice the input took {best['twice'] / best['once']:.1f} times as long.")
