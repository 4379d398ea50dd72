"""While a database does not respond, one request after the other tries it, and the rest fail."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from core import outages
from core.outages import Outage
from tests.smtp_server import free_port


@pytest.fixture
def clock(monkeypatch):
    """A function that lets seconds pass."""
    now = [1000.0]
    monkeypatch.setattr(outages.time, "monotonic", lambda: now[0])
    return lambda seconds: now.append(now.pop() + seconds)


def fail(outage: Outage) -> None:
    with pytest.raises(LookupError), outage:
        raise LookupError


def is_tried(outage: Outage) -> bool:
    try:
        with outage:
            return True
    except OperationalError:
        return False


def test_after_a_failure_nothing_is_tried_for_a_second(clock):
    outage = Outage()
    assert is_tried(outage)
    fail(outage)
    assert not is_tried(outage)
    clock(outages.RETRY_AFTER)
    fail(outage)
    assert not is_tried(outage), "it is still away"
    clock(outages.RETRY_AFTER)
    assert is_tried(outage)
    assert is_tried(outage), "it is back"


def test_one_thread_tries_again_and_the_others_do_not_wait_for_it(clock):
    outage = Outage()
    fail(outage)
    clock(outages.RETRY_AFTER)
    begun, may_end = threading.Event(), threading.Event()

    def try_again() -> None:
        with outage:
            begun.set()
            assert may_end.wait(10)

    with ThreadPoolExecutor(1) as thread:
        retry = thread.submit(try_again)
        assert begun.wait(10)
        clock(100)
        assert not is_tried(outage)
        may_end.set()
        retry.result()
    assert is_tried(outage)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="it has no server")
def test_connections_fail_at_once_after_one_that_failed(clock):
    wrapper = connection.copy("away")
    wrapper.settings_dict["PORT"] = str(free_port())
    wrapper.settings_dict["OPTIONS"].pop("pool", None)
    with pytest.raises(OperationalError, match="refused"):
        wrapper.ensure_connection()
    with pytest.raises(OperationalError, match="a moment ago"):
        wrapper.copy().ensure_connection()
    clock(outages.RETRY_AFTER)
    with pytest.raises(OperationalError, match="refused"):
        wrapper.copy().ensure_connection()
