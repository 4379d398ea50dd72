"""The client's IP address behind proxies, blocking by it, and proxies that are not counted."""

import pytest
from django.test import RequestFactory

from core.http import client_ip
from core.operations.health import find_problems
from core.proxies import find_proxy_problem
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


@pytest.mark.django_db
class TestUncountedProxy:
    """A proxy that PROXY_COUNT does not count gives all visitors its own address."""

    @pytest.fixture
    def forwarded(self, client, caplog):
        """A function that sends a request and returns what is logged."""

        def get(address: str = "127.0.0.1", **headers: str) -> list[str]:
            client.get("/healthz", headers=headers, REMOTE_ADDR=address)
            return [record.message for record in caplog.records]

        return get

    @pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "::1", ""])
    def test_it_is_logged_once_and_reported(self, forwarded, address):
        assert find_proxy_problem() == ""
        for _ in range(2):
            logged = forwarded(address, x_forwarded_for="203.0.113.9")
        assert logged == ["A reverse proxy forwards requests, but PROXY_COUNT is 0."]
        assert "set PROXY_COUNT" in find_problems()["proxy"]

    def test_a_counted_one_is_no_problem(self, forwarded, settings):
        settings.PROXY_COUNT = 1
        assert forwarded(x_forwarded_for="203.0.113.9") == []
        assert find_proxy_problem() == ""

    def test_a_visitor_who_forges_the_header_is_no_proxy(self, forwarded):
        assert forwarded("8.8.8.8", x_forwarded_for="192.0.2.1") == []
        assert forwarded() == []
        assert find_proxy_problem() == ""

    def test_https_needs_one(self, settings):
        settings.USES_HTTPS = True
        assert "https" in find_proxy_problem()
        settings.PROXY_COUNT = 1
        assert find_proxy_problem() == ""
