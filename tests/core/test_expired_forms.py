"""A form with an outdated CSRF token or an ended session is shown again, not lost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from accounts.models import Session
from core.csrf import owner_token
from core.uploads.models import StoredUpload
from news.models import Article
from tests.factories import BROWSER, make_company, make_user, picture_file
from tests.news.steps import ADD_URL, new_article_data

pytestmark = pytest.mark.django_db

SAME_ORIGIN = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
BACKEND = "django.contrib.auth.backends.ModelBackend"
TEXT = '</textarea><script>alert(1)</script> "quoted" & more'


def log_in(client: Client, user: User) -> None:
    client.force_login(user, backend=BACKEND)


@pytest.fixture
def editor():
    client = Client(enforce_csrf_checks=True, headers={"User-Agent": BROWSER})
    log_in(client, make_user("Editors", username="ed"))
    return client


def as_opened_by(name: str, **data):
    """The data of a form that this user has opened."""
    return {**data, "form_owner": owner_token(User.objects.get(username=name))}


def hidden_values(response) -> dict[str, list[str]]:
    """The values that the page sends again, as a browser reads them."""
    page = response.content.decode()
    values: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.S
    ):
        values.setdefault(unescape(name), []).append(unescape(value))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return values | {"csrfmiddlewaretoken": [token]}


def test_an_outdated_token_asks_to_save_again_with_everything_typed(editor):
    sent = as_opened_by(
        "ed", **new_article_data(editor, title_en=TEXT, csrfmiddlewaretoken="outdated")
    )
    response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
    assert response.status_code == 403
    assert "<script>alert(1)" not in response.content.decode()
    assert not Article.objects.exists(), "never saved without a valid token"
    again = editor.post(ADD_URL, hidden_values(response), headers=SAME_ORIGIN)
    assert again.status_code == 302
    assert Article.objects.get().title == TEXT


def test_the_files_of_a_form_with_an_outdated_token_are_sent_again(editor):
    data = new_article_data(editor, cover=picture_file("PNG"), csrfmiddlewaretoken="outdated")
    sent = as_opened_by("ed", **data)
    response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
    assert "selected again" not in response.content.decode()
    editor.post(ADD_URL, hidden_values(response), headers=SAME_ORIGIN)
    assert Article.objects.get().cover.width == 640


def test_a_form_after_a_log_out_names_the_files_to_select_again(editor):
    editor.cookies.pop("sessionid")
    sent = as_opened_by("ed", title_en="x", cover=picture_file("PNG"))
    response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
    assert "picture.png" in response.content.decode()
    assert not StoredUpload.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://elsewhere.example.com"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_of_another_site_is_not_shown_again(editor, headers):
    sent = new_article_data(editor, title_en="Forged title")
    response = editor.post(ADD_URL, sent, headers=headers)
    assert response.status_code == 403
    assert "Forged title" not in response.content.decode()


def test_an_ended_session_asks_to_log_in_and_loses_nothing(editor):
    make_company()
    sent = as_opened_by("ed", **new_article_data(editor, title_en=TEXT))
    sent["csrfmiddlewaretoken"] = editor.cookies["csrftoken"].value
    editor.cookies.pop("sessionid")
    response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
    assert response.status_code == 403
    assert "You were logged out" in response.content.decode()
    assert not Article.objects.exists()
    # Logging in in another tab changes the token, so that the page appears once more.
    log_in(editor, User.objects.get(username="ed"))
    editor.cookies.pop("csrftoken")
    second = editor.post(ADD_URL, hidden_values(response), headers=SAME_ORIGIN)
    assert second.status_code == 403
    third = editor.post(ADD_URL, hidden_values(second), headers=SAME_ORIGIN)
    assert third.status_code == 302
    assert Article.objects.get().title == TEXT


def test_a_session_that_was_not_used_for_long_loses_nothing(editor, settings):
    make_company()
    sent = as_opened_by("ed", **new_article_data(editor, title_en=TEXT))
    sent["csrfmiddlewaretoken"] = editor.cookies["csrftoken"].value
    settings.SESSION_IDLE_TIME = timedelta(hours=12)
    unused = settings.SESSION_IDLE_TIME + timedelta(minutes=6)
    Session.objects.update(last_seen_at=timezone.now() - unused)
    response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
    assert response.status_code == 403
    assert "You were logged out" in response.content.decode()
    assert hidden_values(response)["title_en"] == [TEXT]
    assert not Article.objects.exists()


def test_a_form_names_the_user_who_opened_it(editor):
    page = editor.get(ADD_URL).content.decode()
    token = re.search(r'name="form_owner" value="([^"]+)"', page)[1]
    assert unescape(token) == owner_token(User.objects.get(username="ed"))
    assert "form_owner" not in editor.get("/inquiry/").content.decode()


@pytest.mark.parametrize("token", ["outdated", ""])
def test_what_one_user_typed_is_never_saved_by_another(editor, token):
    """In the same browser, another user has logged in since; with and without a valid token."""
    make_company()
    sent = as_opened_by("ed", **new_article_data(editor, title_en=TEXT))
    log_in(editor, make_user("Editors", username="other"))
    editor.get(ADD_URL)
    sent["csrfmiddlewaretoken"] = token or editor.cookies["csrftoken"].value
    for _ in range(2):  # the form, and the page that sends it again
        response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
        assert response.status_code == 403
        assert "Another user opened this form" in response.content.decode()
        assert not Article.objects.exists()
        sent = hidden_values(response)
    log_in(editor, User.objects.get(username="ed"))
    editor.get(ADD_URL)
    again = sent | {"csrfmiddlewaretoken": editor.cookies["csrftoken"].value}
    assert editor.post(ADD_URL, again, headers=SAME_ORIGIN).status_code == 302
    assert Article.objects.get().title == TEXT


@pytest.mark.parametrize("owner", ["", "1", "1:forged"])
def test_a_form_of_an_unknown_user_is_not_sent_again(editor, owner):
    sent = new_article_data(editor, title_en="Forged title", csrfmiddlewaretoken="outdated")
    response = editor.post(
        ADD_URL, sent | ({"form_owner": owner} if owner else {}), headers=SAME_ORIGIN
    )
    assert response.status_code == 403
    assert not Article.objects.exists()
    assert (
        "Save now" not in response.content.decode() or "Another user" in response.content.decode()
    )


def test_a_password_of_another_user_is_not_shown_again(editor):
    sent = as_opened_by("ed", password1="secret-word")
    log_in(editor, make_user("Editors", username="other"))
    editor.get(ADD_URL)
    sent["csrfmiddlewaretoken"] = editor.cookies["csrftoken"].value
    response = editor.post(ADD_URL, sent, headers=SAME_ORIGIN)
    assert response.status_code == 403
    assert "secret-word" not in response.content.decode()


def test_a_password_is_never_shown_again(editor):
    sent = {"username": "ed", "password": "secret-word"}
    response = editor.post("/admin/login/", sent, headers=SAME_ORIGIN)
    assert response.status_code == 403
    assert "secret-word" not in response.content.decode()
