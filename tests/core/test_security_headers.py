"""The security headers of every response, scored by the rules of Mozilla's HTTP Observatory."""

import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import OperationalError
from django.test import override_settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django.asserts import assertContains

from accounts.models import Invitation
from accounts.services.invitations import send_invitation
from core.headers import UNUSED_FEATURES
from inquiries.models.inquiry_event import event_token
from news.preview import preview_url
from tests.core.test_richtext_safety import policy_of
from tests.factories import make_article, make_company, make_inquiry, make_user

pytestmark = pytest.mark.django_db

HALF_A_YEAR = 15_768_000  # seconds
PAGES = [
    "/",
    "/news/",
    "/products/",
    "/contacts/",
    "/inquiry/",
    "/search/?q=a",
    "/nothing/",
    "/ar/",
]
FILES = ["/robots.txt", "/sitemap.xml", "/news/feed/", "/healthz", "/static/css/site.css"]
HTTPS = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}


def observatory_score(response) -> int:
    """The score of a page, from 0; 100 and more is A+ (developer.mozilla.org, Observatory scoring).

    What costs the most is checked first; the bonuses count only for a page without any fault.
    """
    headers, policy = response.headers, policy_of(response)
    faults, bonus = 0, 0
    scripts, styles = (
        policy.get("script-src", policy["default-src"]),
        policy.get("style-src", set()),
    )
    is_unsafe = {"'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "http:", "*"}
    faults += (
        20
        if scripts & is_unsafe or policy.get("object-src", policy["default-src"]) & is_unsafe
        else 0
    )
    bonus += 0 if styles & is_unsafe else 10 if policy["default-src"] == {"'none'"} else 5
    for cookie in response.cookies.values():
        is_anti_csrf = "csrf" in cookie.key
        faults += 0 if cookie["secure"] else 20 if is_anti_csrf else 40
        is_session = cookie.key.endswith("sessionid")
        faults += 0 if cookie["httponly"] or is_anti_csrf or not is_session else 30
        faults += 0 if cookie["samesite"] in {"Lax", "Strict"} else 20
    if response.cookies and all(cookie["samesite"] for cookie in response.cookies.values()):
        bonus += 5
    faults += 50 if "Access-Control-Allow-Origin" in headers else 0
    hsts = headers.get("Strict-Transport-Security", "")
    age = re.search(r"max-age=(\d+)", hsts)
    faults += 20 if not age else 10 if int(age[1]) < HALF_A_YEAR else 0
    bonus += 5 if "preload" in hsts and "includeSubDomains" in hsts else 0
    private = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    has_policy = headers.get("Referrer-Policy") in private
    faults, bonus = faults + (0 if has_policy else 5), bonus + (5 if has_policy else 0)
    page = response.content.decode()
    outside = re.findall(r"<script[^>]+src=[\"'](?:https?:)?//[^>]+>", page)
    faults += 50 if any("integrity=" not in script for script in outside) else 0
    faults += 0 if headers.get("X-Content-Type-Options") == "nosniff" else 5
    is_framed = policy.get("frame-ancestors") != {"'none'"} and "X-Frame-Options" not in headers
    faults, bonus = faults + (20 if is_framed else 0), bonus + (0 if is_framed else 5)
    resource = headers.get("Cross-Origin-Resource-Policy")
    bonus += 10 if resource in {"same-origin", "same-site"} else 0
    return 100 - faults + (bonus if faults <= 10 else 0)


@pytest.mark.parametrize("path", [*PAGES, "/admin/login/"])
def test_every_page_scores_a_plus_without_a_fault(client, path):
    make_company()
    with override_settings(**HTTPS):
        assert observatory_score(client.get(path, secure=True)) >= 125


def test_plain_http_is_redirected_to_the_same_host(client):
    with override_settings(**HTTPS):
        response = client.get("/news/?page=2")
    assert (response.status_code, response.url) == (301, "https://testserver/news/?page=2")


@pytest.mark.parametrize("path", [*PAGES, *FILES, "/admin/", "/admin/login/", "/media/nothing.jpg"])
def test_every_response_names_the_features_it_does_not_use_and_who_may_load_it(client, path):
    headers = client.get(path).headers
    assert all(f"{feature}=()" in headers["Permissions-Policy"] for feature in UNUSED_FEATURES)
    is_public_file = path.startswith(("/static/", "/media/"))
    expected = "cross-origin" if is_public_file else "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == expected
    assert headers["X-Content-Type-Options"] == "nosniff"


def urls_with_a_token() -> list[str]:
    inquiry = make_inquiry()
    draft = make_article(status="draft")
    event = inquiry.events.get()
    urls = [
        inquiry.status_url,
        f"{reverse('inquiries:thanks', args=[inquiry.token])}?sent={event_token(event.pk)}",
        preview_url(draft),
        reverse("inquiries:status", args=["wrong"]),
        reverse("inquiries:thanks", args=["wrong"]),
        reverse("news:preview", args=["wrong"]),
        reverse("inquiries:attachment", args=["wrong", 1]),
        reverse("accept_invitation", args=["wrong"]),
        reverse("password_reset_confirm", args=["MQ", "wrong"]),
    ]
    return [url.removeprefix("http://testserver") for url in urls]


def test_a_url_with_a_token_reaches_neither_other_sites_nor_search_engines(client):
    make_company()
    for url in urls_with_a_token():
        headers = client.get(url).headers
        assert headers["Referrer-Policy"] == "no-referrer", url
        assert headers["X-Robots-Tag"] == "noindex, nofollow", url
        assert "no-store" in headers.get("Cache-Control", "no-store"), url


def test_nor_does_the_url_of_a_form_whose_own_request_needs_a_referrer(client):
    make_company()
    manager = make_user("Managers")
    invitation = Invitation(email="mei@example.com", role=manager.groups.get())
    send_invitation(invitation, by=manager)
    uid = urlsafe_base64_encode(force_bytes(manager.pk))
    link = reverse(
        "password_reset_confirm", args=[uid, default_token_generator.make_token(manager)]
    )
    redirected = client.get(link)
    assert redirected.headers["Referrer-Policy"] == "no-referrer"
    for url in (reverse("accept_invitation", args=[invitation.token]), redirected.url):
        response = client.get(url)
        assertContains(response, "csrfmiddlewaretoken")
        assert response.headers["Referrer-Policy"] == "same-origin", url
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow", url
        assert "no-store" in response.headers["Cache-Control"], url


def test_nor_after_an_error_before_the_view_is_known(client, monkeypatch):
    urls = urls_with_a_token()

    def fail(*args):
        raise OperationalError("The connection is lost.")

    monkeypatch.setattr("core.pages.middleware.RedirectMiddleware.__call__", fail)
    client.raise_request_exception = False
    for url in urls:
        response = client.get(url)
        assert response.status_code == 500
        assert response.headers["Referrer-Policy"] == "no-referrer", url
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow", url


def test_other_pages_may_be_indexed(client):
    headers = client.get("/news/").headers
    assert "X-Robots-Tag" not in headers
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_the_log_in_leads_to_the_admin(client, admin_user, settings):
    assert settings.LOGIN_REDIRECT_URL == "admin:index"
