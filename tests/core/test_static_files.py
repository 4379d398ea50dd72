"""Static files are found when they are requested, and only they."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from core.static_files import StaticFilesMiddleware


@pytest.fixture
def middleware(tmp_path):
    root = tmp_path / "static"
    (root / "css").mkdir(parents=True)
    (root / "css/site.css").write_text("a {color: red}")
    (root / "css/site.css.br").write_bytes(b"compressed")
    (tmp_path / "secret.txt").write_text("secret")
    with override_settings(STATIC_ROOT=root, WHITENOISE_AUTOREFRESH=False):
        yield StaticFilesMiddleware(lambda request: HttpResponse("page"))


def content(middleware, path, **headers):
    return b"".join(middleware(RequestFactory().get(path, **headers)))


def test_a_file_is_served_whenever_it_is_requested(middleware):
    assert not middleware.files
    for _ in range(2):
        assert content(middleware, "/static/css/site.css") == b"a {color: red}"
    assert content(middleware, "/static/css/site.css", HTTP_ACCEPT_ENCODING="br") == b"compressed"
    assert list(middleware.files) == ["/static/css/site.css"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/",
        "/static/css",
        "/static/css/",
        "/static/css/missing.css",
        "/static/css/site.css.br",
        "/static/../secret.txt",
        "/static/css/../../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2fsecret.txt",
        "/static//../../secret.txt",
        "/static/css/site.css\0",
        f"/static/{settings.BASE_DIR}/manage.py",
    ],
)
def test_nothing_else_is_served(middleware, path):
    assert content(middleware, path) == b"page"
    assert not middleware.files
