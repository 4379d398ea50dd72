"""Guessing passwords: limited for each network and name, without locking others out."""

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from core.log_in_limits import MAX_FAILURES_OF_NAME, MAX_FAILURES_OF_NETWORK
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _editor():
    make_user("Editors", username="editor", password="right")


RIGHT = "right"


def log_in(address: str, name: str = "editor", password: str = RIGHT) -> int:
    """The status of the response: 302 for a log-in, 200 for a wrong password, 429 if refused."""
    data = {"username": name, "password": password}
    return Client().post("/admin/login/", data, REMOTE_ADDR=address).status_code


def guess_from_many_networks() -> None:
    for number in range(MAX_FAILURES_OF_NAME):
        assert log_in(f"192.0.2.{number}", password="wrong") == 200


def test_a_network_that_tries_many_names_is_locked():
    statuses = [
        log_in("198.51.100.1", name=f"name{number}", password="wrong") for number in range(15)
    ]
    assert statuses == [200] * MAX_FAILURES_OF_NETWORK + [429] * (15 - MAX_FAILURES_OF_NETWORK)
    assert log_in("198.51.100.1") == 429
    assert log_in("198.51.100.2") == 302, "others are not locked out"


def test_all_addresses_of_an_ipv6_network_are_one():
    for number in range(5):
        log_in(f"2001:db8::{number:x}", password="wrong")
    assert log_in("2001:db8::ffff:9") == 429
    assert log_in("2001:db8:0:1::1") == 302


def test_own_log_ins_do_not_reset_the_failures_with_other_names():
    make_user("Writers", username="attacker", password="own")
    for number in range(MAX_FAILURES_OF_NETWORK):
        log_in("198.51.100.1", name=f"name{number}", password="wrong")
        if number < MAX_FAILURES_OF_NETWORK - 1:
            assert log_in("198.51.100.1", name="attacker", password="own") == 302
    assert log_in("198.51.100.1") == 429


def test_a_name_that_is_guessed_from_many_networks_is_slowed_down():
    guess_from_many_networks()
    assert log_in("203.0.113.1", password="wrong") == 200
    assert [log_in(f"203.0.113.{number}") for number in range(2, 5)] == [429] * 3
    cache.clear()  # half a minute later
    assert log_in("203.0.113.9") == 302, "it is slower, but not locked"


def test_guessing_does_not_slow_down_a_user_where_they_have_logged_in_before():
    assert log_in("198.51.100.7") == 302
    guess_from_many_networks()
    assert log_in("203.0.113.1", password="wrong") == 200
    assert [log_in("198.51.100.7") for _ in range(3)] == [302] * 3


def test_refused_attempts_do_not_prolong_the_lock():
    for _ in range(8):
        log_in("198.51.100.1", password="wrong")
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_the_page_says_when_to_try_again():
    for _ in range(5):
        response = Client().post("/admin/login/", {"username": "editor", "password": "wrong"})
    assert response.status_code == 429
    assert "Try again in 15 minutes." in response.content.decode()
