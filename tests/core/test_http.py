"""The client's IP address behind proxies, and blocking by it."""

import pytest
from django.test import RequestFactory

from core.http import client_ip
from tests.factories import make_user


@pytest.mark.parametrize(
    ("proxies", "forwarded", "ip_address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "made.up, 203.0.113.9", "203.0.113.9"),
        (2, "made.up, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_trusted(settings, proxies, forwarded, ip_address):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == ip_address


@pytest.mark.django_db
def test_guessing_a_password_is_blocked_for_that_ip_address_only(client):
    make_user("Editors", username="editor", password="right")
    wrong = {"username": "editor", "password": "wrong"}
    right = {"username": "editor", "password": "right"}
    for _ in range(5):
        client.post("/admin/login/", wrong)
    assert client.post("/admin/login/", right).status_code == 429
    other_client = client.post("/admin/login/", right, REMOTE_ADDR="192.0.2.7")
    assert other_client.status_code == 302
