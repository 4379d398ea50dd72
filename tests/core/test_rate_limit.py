"""How often one sender may do something."""

import time

import pytest

from core.rate_limit import first_exceeded, is_over_any_limit, is_over_limit

HOUR = 3600


def test_a_limit_counts_each_action_and_sender_apart():
    results = [is_over_limit("write", "192.0.2.1", (2, HOUR)) for _ in range(4)]
    assert results == [False, False, True, True]
    assert not is_over_limit("write", "192.0.2.2", (2, HOUR))
    assert not is_over_limit("read", "192.0.2.1", (2, HOUR))


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "unknown", True),
        ("Ann@example.com", "ann+offer@EXAMPLE.com", True),
        ("ann@example.com", "a.nn@example.com", False),
        ("a.n.n@gmail.com", "ann+1@googlemail.com", True),
        ("+@example.com", "+@example.com", True),
    ],
)
def test_addresses_of_the_same_sender_are_counted_together(first, second, is_same):
    assert not is_over_limit("write", first, (1, HOUR))
    assert is_over_limit("write", second, (1, HOUR)) is is_same


def test_the_limit_that_is_exceeded_is_named():
    limits = [("a", "sender", (0, HOUR)), ("b", "sender", (2, HOUR)), ("c", "sender", (1, HOUR))]
    assert [first_exceeded(limits) for _ in range(3)] == ["", "c", "b"]


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
