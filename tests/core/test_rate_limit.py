"""How often one sender may do something."""

import time

import pytest

from core.rate_limit import is_over_any_limit, is_over_limit

HOUR = 3600


def test_a_limit_counts_each_action_and_sender_apart():
    results = [is_over_limit("write", "192.0.2.1", (2, HOUR)) for _ in range(4)]
    assert results == [False, False, True, True]
    assert not is_over_limit("write", "192.0.2.2", (2, HOUR))
    assert not is_over_limit("read", "192.0.2.1", (2, HOUR))


def test_no_limit_is_counted_after_one_that_is_exceeded():
    limits = [("a", "sender", (1, HOUR)), ("b", "sender", (3, HOUR))]
    assert [is_over_any_limit(limits) for _ in range(3)] == [False, True, True]
    assert [is_over_limit("b", "sender", (3, HOUR)) for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("limits", [[], [("a", "sender", (0, HOUR))]])
def test_a_rate_of_zero_limits_nothing(limits):
    assert not any(is_over_any_limit(limits) for _ in range(5))


def test_the_count_begins_again_after_the_period():
    assert [is_over_limit("a", "sender", (1, 1)) for _ in range(2)] == [False, True]
    time.sleep(1.1)
    assert not is_over_limit("a", "sender", (1, 1))
