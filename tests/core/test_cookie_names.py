"""Over HTTPS every cookie has the prefix `__Host-`, so that no other host can set or read it."""

import runpy
from http.cookies import Morsel
from typing import Any

import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.crypto import get_random_string

from core.messages import MessageStorage
from core.page_cache.wsgi import PageCache
from tests.factories import BROWSER, make_product, make_user
from tests.news.steps import ADD_URL, new_article_data

pytestmark = pytest.mark.django_db

NAMES = ("SESSION", "CSRF", "LANGUAGE", "MESSAGES", "BASKET", "COMPARISON", "SAVED_DRAFT")


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """The cookies of a site with HTTPS."""
    monkeypatch.setenv("SITE_URL", "https://testserver")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        monkeypatch.delenv(name)
    values = runpy.run_path("config/settings.py")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        setattr(settings, name, values[name])
    for name in NAMES:
        setattr(settings, f"{name}_COOKIE_NAME", values[f"{name}_COOKIE_NAME"])
    settings.SITE_URL = "https://testserver"
    settings.CSRF_TRUSTED_ORIGINS = ["https://testserver"]
    return settings


COOKIES = ("csrftoken", "basket", "comparison", "sessionid", "saved_draft")


def secure_client() -> Client:
    headers = {"User-Agent": BROWSER, "Sec-Fetch-Site": "same-origin"}
    return Client(headers=headers, **{"wsgi.url_scheme": "https"})


def assert_bound_to_host(cookie: Morsel) -> None:
    """What browsers demand of a cookie with this name."""
    assert cookie.key.startswith("__Host-"), cookie.key
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), cookie.key


def test_all_cookies_of_visitors_and_staff_have_the_prefix(https):
    client, product = secure_client(), make_product()
    user = make_user("Editors")
    log_in = {"username": user.username, "password": "secret"}
    client.get("/inquiry/")
    client.post("/inquiry/basket/add/", {"product": product.slug})
    client.post("/products/compare/select/", {"product": product.slug})
    client.post("/admin/login/", log_in)
    saved = client.post(ADD_URL, new_article_data(client, draft_id="0123456789abcdef"))
    assert {"__Host-messages", "__Host-saved_draft"} <= set(saved.cookies)
    names = {f"__Host-{name}" for name in COOKIES}
    assert set(client.cookies) >= names
    for cookie in client.cookies.values():
        assert_bound_to_host(cookie)


def test_cookies_are_also_deleted_by_that_name(https):
    client, product = secure_client(), make_product()
    client.post("/inquiry/basket/add/", {"product": product.slug})
    client.post("/inquiry/basket/", {"remove": str(product.pk)})
    user = make_user("Editors")
    client.force_login(user)
    client.post("/admin/logout/")
    for name in ("__Host-basket", "__Host-sessionid"):
        assert client.cookies[name]["max-age"] == 0, name
        assert_bound_to_host(client.cookies[name])


def test_a_cookie_without_the_prefix_is_ignored(https, as_user):
    client = as_user(make_user("Editors"))
    key = client.cookies["__Host-sessionid"].value
    stranger = secure_client()
    stranger.cookies["sessionid"] = key
    assert stranger.get("/admin/").status_code == 302
    stranger.cookies["__Host-sessionid"] = key
    assert stranger.get("/admin/").status_code == 200


def test_scripts_are_given_the_names(https, as_user, visitor):
    assert 'data-basket="__Host-basket"' in visitor.get("/news/").content.decode()
    page = as_user(make_user("Editors")).get("/admin/").content.decode()
    assert 'data-saved-cookie="__Host-saved_draft"' in page


@pytest.mark.parametrize("name", ["__Host-sessionid", "__Host-messages"])
def test_who_is_logged_in_or_has_a_message_gets_no_page_from_the_cache(https, name):
    cache = PageCache(lambda environ, start_response: [])
    environ = RequestFactory(headers={"Cookie": f"a=b; {name}=x"}).get("/").environ
    assert cache._is_private(environ)
    environ["HTTP_COOKIE"] = f"{name}x=x; {name.removeprefix('__Host-')}=x"
    assert not cache._is_private(environ)


def test_a_long_message_waits_in_the_session(https, rf):
    request = rf.get("/")
    request.session = {}
    storage = MessageStorage(request)
    storage.add(messages.INFO, get_random_string(5000))
    response = HttpResponse()
    storage.update(response)
    assert len(str(request.session)) > 5000
    assert len(str(response.cookies)) < 1000


def test_over_http_the_names_are_plain(monkeypatch):
    monkeypatch.setenv("SITE_URL", "http://127.0.0.1:8000")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        monkeypatch.delenv(name)
    values = runpy.run_path("config/settings.py")
    assert not any("__" in values[f"{name}_COOKIE_NAME"] for name in NAMES)
