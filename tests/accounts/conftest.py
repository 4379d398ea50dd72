"""Fixtures for the tests of accounts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import BROWSER

PASSWORD = "secret"  # of every account made by make_user


@pytest.fixture
def set_up_second_factor() -> Callable[[Any], TOTPDevice]:
    """Returns a function that turns the second factor of a user on."""

    def set_up(user: Any) -> TOTPDevice:
        return TOTPDevice.objects.create(user=user, name="app", confirmed=True)

    return set_up


@pytest.fixture
def log_in() -> Callable[..., tuple[Client, Any]]:
    """Returns a function that sends name and password; returns the client and the response."""

    def send(user: Any, password: str = PASSWORD, at: str = "/admin/") -> tuple[Client, Any]:
        client = Client(headers={"User-Agent": BROWSER})
        data = {"username": user.username, "password": password, "next": at}
        return client, client.post("/admin/login/", data)

    return send


def code_of(device: TOTPDevice) -> str:
    """The code that the app shows now."""
    return f"{totp(device.bin_key):06}"


def wrong_code(device: TOTPDevice) -> str:
    """A code that the app does not show around now."""
    near = {totp(device.bin_key, t0=-30 * step) for step in range(-3, 4)}
    return f"{next(number for number in range(100) if number not in near):06}"
