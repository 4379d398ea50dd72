"""Logging in with a second factor."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.services.second_factor import confirm_second_factor, prepare_second_factor
from tests.accounts.conftest import code_of, wrong_code
from tests.factories import make_user

pytestmark = pytest.mark.django_db

CODE_PAGE = "/admin/login/code/"


@pytest.fixture
def user():
    return make_user("Editors")


@pytest.fixture
def device(user, set_up_second_factor):
    return set_up_second_factor(user)


def is_logged_in(client) -> bool:
    return client.get("/admin/").status_code == 200


def test_a_user_without_a_second_factor_logs_in_with_the_password(user, log_in):
    client, response = log_in(user, at="/admin/news/article/")
    assert response.headers["Location"] == "/admin/news/article/"
    assert is_logged_in(client)


def test_it_asks_for_the_code_and_then_opens_the_page_that_was_asked_for(user, device, log_in):
    client, response = log_in(user, at="/admin/news/article/")
    assert response.headers["Location"] == CODE_PAGE
    assert "authenticator app" in client.get(CODE_PAGE).content.decode()
    response = client.post(CODE_PAGE, {"code": code_of(device)})
    assert response.headers["Location"] == "/admin/news/article/"
    assert is_logged_in(client)


def test_nobody_is_logged_in_before_the_code_has_arrived(user, device, log_in):
    """No URL of the admin can be opened with the password alone."""
    client, _response = log_in(user)
    names = ("index", "password_change", "news_article_changelist", "autocomplete", "jsi18n")
    own = ("second_factor", "turn_off_second_factor")
    for path in [*(reverse(f"admin:{name}") for name in names), *map(reverse, own)]:
        response = client.get(path)
        assert response.status_code == 302, path
        assert response.headers["Location"].startswith("/admin/login/"), path


def test_the_session_gets_a_new_key_in_both_steps(user, device, log_in):
    client, _response = log_in(user)
    first = client.session.session_key
    client.post(CODE_PAGE, {"code": code_of(device)})
    assert client.session.session_key != first
    assert "pending_log_in" not in client.session


@pytest.mark.parametrize("code", ["", "12345", "abc", "1" * 70, "\0", "١٢٣"])
def test_it_refuses_what_is_no_code(user, device, log_in, code):
    client, _response = log_in(user)
    assert client.post(CODE_PAGE, {"code": code}).status_code in {200, 422}
    assert not is_logged_in(client)


def test_it_refuses_a_wrong_code_and_counts_it(user, device, log_in):
    client, _response = log_in(user)
    response = client.post(CODE_PAGE, {"code": wrong_code(device)})
    assert response.status_code == 422
    assert "wrong" in response.content.decode()
    attempt = AccessAttempt.objects.get()
    assert (attempt.username, attempt.failures_since_start) == (user.username, 1)
    assert wrong_code(device) not in attempt.post_data
    assert not is_logged_in(client)


def test_after_five_wrong_codes_the_right_one_is_refused_too(user, device, log_in):
    client, _response = log_in(user)
    for _attempt in range(5):
        response = client.post(CODE_PAGE, {"code": wrong_code(device)})
    assert response.status_code == 429
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.post(CODE_PAGE, {"code": code_of(device)}).status_code == 429
    assert not is_logged_in(client)
    assert log_in(user)[1].status_code == 429


def test_right_after_a_wrong_code_no_other_is_tried(user, device, log_in):
    """django-otp waits longer after each, so that codes cannot be guessed from many addresses."""
    client, _response = log_in(user)
    client.post(CODE_PAGE, {"code": wrong_code(device)})
    TOTPDevice.objects.update(
        throttling_failure_count=9, throttling_failure_timestamp=timezone.now()
    )
    assert client.post(CODE_PAGE, {"code": code_of(device)}).status_code == 422


def test_a_code_works_once(user, device, log_in):
    code = code_of(device)
    client, _response = log_in(user)
    assert client.post(CODE_PAGE, {"code": code}).status_code == 302
    other, _response = log_in(user)
    assert other.post(CODE_PAGE, {"code": code}).status_code == 422


def test_a_recovery_code_works_once_however_it_is_typed(user, log_in):
    device = prepare_second_factor(user)
    codes = confirm_second_factor(user, code_of(device))
    typed = codes[0].upper().replace("-", " ")
    client, _response = log_in(user)
    assert client.post(CODE_PAGE, {"code": typed}).status_code == 302
    assert is_logged_in(client)
    other, _response = log_in(user)
    assert other.post(CODE_PAGE, {"code": codes[0]}).status_code == 422
    assert user.recovery_codes.count() == 9


def test_a_code_of_somebody_else_is_refused(user, device, log_in, set_up_second_factor):
    other = set_up_second_factor(make_user())
    client, _response = log_in(user)
    assert client.post(CODE_PAGE, {"code": code_of(other)}).status_code == 422


def test_without_a_password_there_is_no_page_for_the_code(client, device):
    assert client.get(CODE_PAGE).headers["Location"] == "/admin/login/"
    response = client.post(CODE_PAGE, {"code": code_of(device)})
    assert response.headers["Location"] == "/admin/login/"


def test_the_code_must_follow_within_ten_minutes(user, device, log_in, set_clock):
    client, _response = log_in(user)
    set_clock(timezone.now() + timedelta(minutes=11))
    response = client.post(CODE_PAGE, {"code": code_of(device)})
    assert response.headers["Location"] == "/admin/login/"


@pytest.mark.parametrize("change", ["password", "is_active", "is_staff"])
def test_it_refuses_the_code_of_an_account_that_was_changed_meanwhile(user, device, log_in, change):
    client, _response = log_in(user)
    if change == "password":
        user.set_password("another secret")
    else:
        setattr(user, change, False)
    user.save()
    client.post(CODE_PAGE, {"code": code_of(device)})
    assert not is_logged_in(client)


def test_it_does_not_redirect_to_other_sites(user, device, log_in):
    client, _response = log_in(user, at="https://evil.example/")
    response = client.post(CODE_PAGE, {"code": code_of(device)})
    assert response.headers["Location"] == "/admin/"
