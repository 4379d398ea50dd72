"""Which passwords the staff may choose."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    ["gravel-9-cr", "password1234", "123456789012345", "july@example.com", "x-9" * 100],
)
def test_short_common_numeric_similar_and_endless_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, make_user(username="july"))


@pytest.mark.parametrize(
    "password", ["gravel-9-crush", "破碎机和筛分机从郑州发往世界", "a b c d e f g h"]
)
def test_others_are_accepted_whatever_characters_they_have(password):
    validate_password(password, make_user())


def test_the_page_of_a_new_password_shows_the_rules(as_user):
    page = as_user(make_user()).get("/admin/password_change/").content.decode()
    assert "at least 12 characters" in page
    assert "up to 256 characters" in page


def test_the_log_in_does_not_hash_an_endless_password(client, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.base_user.check_password", lambda *args, **kwargs: hashed.append(args)
    )
    user = make_user()
    client.post("/admin/login/", {"username": user.username, "password": "x" * 100_000})
    assert hashed == []
    client.post("/admin/login/", {"username": user.username, "password": "x"})
    assert len(hashed) == 1
