"""A form whose request fails by an error of the site is shown again, in the visitor's language."""

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from core.csrf import owner_token
from inquiries.models import Inquiry
from news.models import Article
from tests.core.test_expired_forms import SAME_ORIGIN, TEXT, hidden_values
from tests.factories import BROWSER, make_inquiry, make_user, picture_file
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import status_page_url
from tests.news.steps import ADD_URL, new_article_data

pytestmark = pytest.mark.django_db


def make_client() -> Client:
    return Client(
        enforce_csrf_checks=True,
        raise_request_exception=False,
        headers={"User-Agent": BROWSER, **SAME_ORIGIN},
    )


@pytest.fixture
def lose_database(monkeypatch):
    """Returns a function that lets the whole site fail, and returns one that repairs it."""

    def fail(*args, **kwargs):
        raise OperationalError("The connection is lost.")

    def lose():
        monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        monkeypatch.setattr("core.page_cache.database.process_connection.fetch_row", fail)
        return monkeypatch.undo

    return lose


@pytest.mark.parametrize(
    ("prefix", "language"), [("", "en"), ("/zh-hans", "zh-hans"), ("/ar", "ar")]
)
def test_an_inquiry_is_shown_again_and_sent_once(lose_database, prefix, language):
    visitor = make_client()
    page = visitor.get(f"{prefix}/inquiry/")
    form = page.context["form"]
    sent = typed(
        message=TEXT,
        stamp=form["stamp"].value(),
        csrfmiddlewaretoken=visitor.cookies["csrftoken"].value,
    )
    repair = lose_database()
    failed = visitor.post(f"{prefix}/inquiry/", sent)
    assertContains(failed, f'<html lang="{language}"', status_code=500)
    assertNotContains(failed, "<script>alert(1)", status_code=500)
    repair()
    again = hidden_values(failed)
    for _click in "ab":
        assert visitor.post(f"{prefix}/inquiry/", again).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.message, inquiry.language) == (TEXT, language)


def test_the_files_to_select_again_are_named(lose_database):
    visitor = make_client()
    url = status_page_url(make_inquiry())
    visitor.get("/inquiry/")
    token = visitor.cookies["csrftoken"].value
    lose_database()
    sent = {"message": "Here it is.", "attachments": picture_file(), "csrfmiddlewaretoken": token}
    failed = visitor.post(url, sent)
    assertContains(failed, "Here it is.", status_code=500)
    assertContains(failed, "picture.png", status_code=500)


def test_an_article_is_shown_again(lose_database):
    editor = make_client()
    user = make_user("Editors")
    editor.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    sent = new_article_data(editor, title_en=TEXT, form_owner=owner_token(user))
    sent["csrfmiddlewaretoken"] = editor.cookies["csrftoken"].value
    repair = lose_database()
    failed = editor.post(ADD_URL, sent)
    assert failed.status_code == 500
    repair()
    assert editor.post(ADD_URL, hidden_values(failed)).status_code == 302
    assert Article.objects.get().title == TEXT


def test_a_password_and_a_form_of_another_site_are_not_shown_again(lose_database):
    visitor = make_client()
    lose_database()
    failed = visitor.post("/admin/login/", {"username": "ed", "password": "secret-word"})
    assertNotContains(failed, "secret-word", status_code=500)
    forged = visitor.post("/inquiry/", typed(), headers={"Sec-Fetch-Site": "cross-site"})
    assertNotContains(forged, "Maria Muster", status_code=500)


def test_a_page_that_fails_says_so_in_its_language(lose_database):
    visitor = make_client()
    lose_database()
    assertContains(visitor.get("/ar/products/"), '<html lang="ar"', status_code=500)
