"""Requests that no browser sends are answered as wrong, never with an error of the site."""

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.converters import IntConverter
from django.urls.resolvers import URLResolver

from tests.factories import make_article
from tests.inquiries.test_inquiry_form import typed
from tests.news.steps import ADD_URL, new_article_data

pytestmark = pytest.mark.django_db

HUGE = 99999999999999999999999
BODIES = [
    "<![x", "<![",
    "x <![ y", "<!", "<!-", "<?", "</", "<![if x]>", "<!DOCTYPE [", "<a <![ x>",
    '<td class="x">a</td>', '<span class="x">a</span>', '<svg class="y">a</svg>',
]  # fmt: skip


def numbered_paths(resolver=None, prefix: str = "") -> list[str]:
    """Every path of the site with a number in it, with huge numbers in place of all of them."""
    paths = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(getattr(pattern.pattern, "_route", ""))
        if isinstance(pattern, URLResolver):
            paths += numbered_paths(pattern, route)
        elif any(isinstance(c, IntConverter) for c in pattern.pattern.converters.values()):
            for name, converter in pattern.pattern.converters.items():
                kind = "int" if isinstance(converter, IntConverter) else "str"
                for written in (
                    f"<{kind}:{name}>",
                    f"<{name}>",
                    f"<slug:{name}>",
                    f"<path:{name}>",
                ):
                    route = route.replace(written, str(HUGE if kind == "int" else "x"))
            paths.append(f"/{route}")
    return paths


def test_huge_numbers_in_a_url_are_not_found(admin_client):
    paths = numbered_paths()
    assert "/news/archive/99999999999999999999999/99999999999999999999999/" in paths
    assert len(paths) > 20
    for path in paths:
        for method in (admin_client.get, admin_client.post):
            assert method(path).status_code < 500, path


@pytest.mark.parametrize(
    "path", ["/news/archive/99999999999/13/", "/news/archive/0/0/", "/news/archive/9999/12/"]
)
def test_a_month_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "referrer", ["http://[::1", "http://[", "//[x]", "http://testserver:x/", "\\"]
)
def test_a_malformed_referrer_is_ignored(client, referrer):
    for path in ("/inquiry/", "/", "/admin/login/"):
        assert client.get(path, headers={"Referer": referrer}).status_code == 200
    data = typed()
    assert client.post("/inquiry/", data, headers={"Referer": referrer}).status_code == 302


@pytest.mark.parametrize("length", [0, 1, 70, 199, 200, 201, 1000])
@pytest.mark.parametrize(
    "path", ["/", "/inquiry/", "/inquiry/basket/", "/admin/login/", "/nothing/"]
)
def test_a_malformed_multipart_form_is_a_wrong_request(path, length):
    boundary = "x" * length
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    client = Client(enforce_csrf_checks=True)
    for body in ("", part, "x", f"{part}--{boundary}--\r\n"):
        kind = f"multipart/form-data; boundary={boundary}"
        assert client.generic("POST", path, body, content_type=kind).status_code < 500


@pytest.mark.parametrize("body", BODIES)
def test_an_article_with_malformed_markup_is_saved_and_shown(admin_client, client, body):
    response = admin_client.post(ADD_URL, new_article_data(admin_client, body_en=body))
    assert response.status_code == 302
    article = make_article(body=body)
    assert client.get(article.get_absolute_url()).status_code == 200
    assert client.get("/news/feed/").status_code == 200


def test_a_class_on_a_tag_without_classes_is_removed_without_noise(recwarn):
    from core.richtext.cleaning import clean_html

    assert clean_html('<p><span class="x">a</span><code class="y">b</code></p>') == (
        "<p>a<code>b</code></p>"
    )
    assert not [str(warning.message) for warning in recwarn.list]


def test_excerpts_are_made_from_the_cleaned_text():
    article = make_article(body="<p>Shown</p><form>Hidden</form><script>bad()</script>")
    assert article.excerpt == "Shown"
