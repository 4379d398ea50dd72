"""A new password by e-mail."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from accounts.models import PasswordResetRequest
from accounts.services.password_reset import answer_password_reset_requests
from tests.accounts.conftest import code_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/password-reset/"
NEW = "gravel-and-cone-crushers-9"


@pytest.fixture
def user():
    return make_user("Editors", email="Editor@example.com")


def ask(client, email: str = "editor@example.com", **headers):
    return client.post(PAGE, {"email": email}, **headers)


def get_link() -> str:
    """The path of the link in the only e-mail that the worker has queued."""
    answer_password_reset_requests()
    message = Email.objects.get().message
    [link] = re.findall(r"http://testserver(/admin/password-reset/\S+)", message)
    return link


def set_password(client, link: str, password: str = NEW):
    form = client.get(link, follow=True)
    url = form.request["PATH_INFO"]
    return client.post(url, {"new_password1": password, "new_password2": password})


def test_the_log_in_page_leads_to_it(client):
    assert PAGE in client.get("/admin/login/").content.decode()


def test_the_link_sets_a_new_password(client, user, log_in):
    ask(client)
    response = set_password(client, get_link())
    assert response.headers["Location"] == "/admin/login/"
    assert client.get("/admin/").status_code == 302, "nobody is logged in by the link"
    assert log_in(user, NEW)[0].get("/admin/").status_code == 200


def test_it_is_sent_to_the_address_that_is_stored(client, user):
    ask(client, "EDITOR@EXAMPLE.COM")
    answer_password_reset_requests()
    email = Email.objects.get()
    assert email.to == ["Editor@example.com"]
    assert user.username in email.message


def test_the_response_does_not_show_whether_there_is_an_account(client, user):
    ask(client, "first@example.com")
    pages = []
    for address in ("editor@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            response = ask(client, address)
        statements = [query["sql"].split(" VALUES ")[0] for query in queries]
        pages.append((response.status_code, response.headers["Location"], statements))
    assert pages[0] == pages[1]
    answer_password_reset_requests()
    assert Email.objects.count() == 1
    assert not PasswordResetRequest.objects.exists()


@pytest.mark.parametrize("field", ["is_active", "is_staff", "password"])
def test_it_sends_nothing_to_accounts_that_cannot_log_in(client, user, field):
    setattr(user, field, False)
    if field == "password":
        user.set_unusable_password()
    user.save()
    ask(client)
    answer_password_reset_requests()
    assert not Email.objects.exists()


@pytest.mark.parametrize("email", ["", "editor", "a@b", "@" * 300])
def test_it_refuses_what_is_no_address(client, email):
    assert ask(client, email).status_code in {200, 422}
    assert not PasswordResetRequest.objects.exists()


def test_the_link_never_comes_from_the_host_header(client, user, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://www.example.com"
    ask(client, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    answer_password_reset_requests()
    message = Email.objects.get().message
    assert "https://www.example.com/admin/password-reset/" in message
    assert "evil" not in message


def test_the_link_works_once(client, user):
    ask(client)
    link = get_link()
    set_password(client, link)
    assert "no longer valid" in client.get(link, follow=True).content.decode()
    set_password(client, link, "another-good-password-3")
    assert get_user_model().objects.get(pk=user.pk).check_password(NEW)


def test_the_link_is_valid_for_an_hour(client, user, monkeypatch):
    ask(client)
    link = get_link()
    generator = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    later = timezone.now().replace(tzinfo=None) + timedelta(minutes=59)
    monkeypatch.setattr(generator, lambda self: later)
    assert "no longer valid" not in client.get(link, follow=True).content.decode()
    monkeypatch.setattr(generator, lambda self: later + timedelta(minutes=3))
    assert "no longer valid" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("link", ["x/y/", "MQ/set-password/", "MQ/abc-def/", "9999999999/a-b/"])
def test_a_forged_link_is_refused(client, link):
    page = client.get(PAGE + link, follow=True)
    assert page.status_code == 200
    assert "no longer valid" in page.content.decode()


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345"])
def test_a_weak_password_is_refused(client, user, password):
    ask(client)
    response = set_password(client, get_link(), password)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_it_ends_every_session_of_the_account(client, user, as_user):
    others = as_user(user)
    assert others.get("/admin/").status_code == 200
    ask(client)
    set_password(client, get_link())
    assert others.get("/admin/").status_code == 302


def test_the_second_factor_is_still_asked_for(client, user, set_up_second_factor, log_in):
    device = set_up_second_factor(user)
    ask(client)
    set_password(client, get_link())
    client, response = log_in(user, NEW)
    assert response.headers["Location"] == "/admin/login/code/"
    assert client.post("/admin/login/code/", {"code": code_of(device)}).status_code == 302


def test_at_most_three_links_an_hour_go_to_one_address(client, user):
    for _request in range(5):
        assert ask(client).headers["Location"] == "/admin/login/"
    answer_password_reset_requests()
    assert Email.objects.count() == 3


def test_one_visitor_cannot_ask_for_many_addresses(client):
    for number in range(25):
        ask(client, f"user{number}@example.com")
    assert PasswordResetRequest.objects.count() == 20


def test_old_requests_are_discarded(client, user):
    ask(client)
    PasswordResetRequest.objects.update(created_at=timezone.now() - timedelta(hours=2))
    answer_password_reset_requests()
    assert not Email.objects.exists()
    assert not PasswordResetRequest.objects.exists()
