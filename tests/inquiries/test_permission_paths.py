"""No URL shows sales contacts, or other staff, the customer of another contact.

Every URL of the admin is tried automatically. PATHS adds query strings and keys, ACTIONS adds
form data.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver, reverse
from post_office.models import Email

from inquiries.models import Inquiry
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"
AUTOCOMPLETE = "/admin/autocomplete/?term=O&app_label=inquiries&model_name="
SECRETS = ["Other Buyer", "other@example.com", "Other Mine", "secret question", "secret.pdf",
           "secret content", "secret note", "secret answer", "secret change"]  # fmt: skip

PATHS = [
    LIST,
    # Search, filters, order and counts
    f"{LIST}?q=Other",
    f"{LIST}?q={{part}}",
    f"{LIST}?status__exact=assigned",
    f"{LIST}?late=yes",
    f"{LIST}?held=yes",
    f"{LIST}?_facets=True",
    f"{LIST}?all=",
    f"{LIST}?o=3",
    f"{LIST}?p=2",
    f"{LIST}?created_at__gte=2000-01-01T00:00Z",
    f"{LIST}?created_at__year={{year}}",
    f"{LIST}?assigned_to__id__exact={{contact}}",
    f"{LIST}?assigned_to__isnull=False",
    f"{LIST}?assigned_to__name=Abner",
    f"{LIST}?assigned_to__user__password__startswith=m",
    f"{LIST}?assigned_to__inquiries__name__startswith=Other",
    f"{LIST}?email__startswith=other",
    f"{LIST}?message__contains=question",
    f"{LIST}?events__text__contains=note",
    f"{LIST}?id={{other}}",
    # Pop-up windows
    f"{LIST}?_popup=1",
    f"{LIST}?_popup=1&_to_field=reference",
    f"{LIST}{{other}}/change/?_popup=1&_to_field=id",
    f"{LIST}{{other}}/history/",
    # Through other objects
    f"{LIST}{{own}}/attachment/{{file}}/",
    f"{LIST}{{other}}/attachment/{{file}}/",
    f"{AUTOCOMPLETE}inquiryline&field_name=inquiry",
    f"{AUTOCOMPLETE}inquiryevent&field_name=inquiry",
    f"{AUTOCOMPLETE}attachment&field_name=inquiry",
    f"{AUTOCOMPLETE}inquiry&field_name=assigned_to",
    "/admin/r/{type}/{other}/",
    "/admin/jsi18n/",
    "/admin/post_office/email/?q=other",
    "/admin/post_office/email/{mail}/change/",
    "/admin/contacts/contact/{contact}/delete/",
    # The buyers' own pages
    "/inquiry/status/{reference}/",
    "/inquiry/status/{thanks_token}/",
    "/inquiry/status/{own_token}/files/{file}/",
    "/inquiry/thanks/{reference}/",
    "/inquiry/thanks/{token}/",
]

WORK = {"new_status": "won", "answer": "Mine now", "note": "Mine now", "release": "on"}
CHOSEN = {"_selected_action": ["{other}"], "select_across": "1", "post": "yes"}
ACTIONS: list[tuple[str, dict[str, Any]]] = [
    (f"{LIST}{{other}}/change/", WORK | {"contact": "{own_contact}"}),
    (f"{LIST}{{other}}/delete/", {"post": "yes"}),
    (LIST, CHOSEN | {"action": "assign", "contact": "{own_contact}"}),
    (LIST, CHOSEN | {"action": "release"}),
    (LIST, CHOSEN | {"action": "delete_selected"}),
    (LIST, CHOSEN | {"action": "export_admin_action", "format": "0", "export_items": "{other}"}),
    (f"{LIST}export/", {"format": "0", "export_items": "{other}"}),
    (f"{LIST}?q=Other", CHOSEN | {"action": "release"}),
    ("/inquiry/status/{token}/", {"message": "Mine now"}),
]


@pytest.fixture
def fill(julys_inquiry: Inquiry, abners_inquiry: Inquiry) -> Callable[[Any], Any]:
    """A function that fills the placeholders of a path or of form data."""
    values = {
        "own": julys_inquiry.pk,
        "own_contact": julys_inquiry.assigned_to_id,
        "own_token": julys_inquiry.status_url.split("/")[-2],
        "other": abners_inquiry.pk,
        "contact": abners_inquiry.assigned_to_id,
        "reference": abners_inquiry.reference,
        "part": abners_inquiry.reference[:-1],
        "year": abners_inquiry.created_at.year,
        "file": abners_inquiry.attachments.get().pk,
        "mail": Email.objects.filter(message__contains="secret").first().pk,
        "type": ContentType.objects.get_for_model(Inquiry).pk,
        # A token is valid for one kind of page.
        "token": abners_inquiry.status_url.split("/")[-2] + "x",
        "thanks_token": abners_inquiry.token,
    }

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        return [filled(v) for v in value] if isinstance(value, list) else value.format(**values)

    return filled


def content_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = f"{response.headers} {content.decode(errors='replace')}"
    return text.replace(response.request["PATH_INFO"], "")  # the client knows it anyway


def revealed_secrets(response: Any, inquiry: Inquiry) -> list[str]:
    """The secrets of the inquiry that a response contains."""
    text = content_of(response)
    return [secret for secret in [inquiry.reference, *SECRETS] if secret in text]


def stored_data(inquiry: Inquiry) -> Any:
    related = (inquiry.lines, inquiry.attachments, inquiry.events)
    return [
        Inquiry.objects.filter(pk=inquiry.pk).values().get(),
        *(rows.count() for rows in related),
    ]


def admin_paths(pk: int) -> Iterator[str]:
    """Every URL of the admin, of any app, with `pk` in place of its parameters."""

    def walk(patterns: list[Any], start: str) -> Iterator[str]:
        for pattern in patterns:
            path = start + re.sub(r"<[^>]+>", str(pk), str(pattern.pattern))
            if isinstance(pattern, URLPattern):
                if re.fullmatch(r"[\w/]*", path) and pattern.name not in {"logout", "login"}:
                    yield f"/{path}"
            else:
                yield from walk(pattern.url_patterns, path)

    admin = reverse("admin:index").strip("/")
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern).strip("/") == admin:
            yield from walk(pattern.url_patterns, f"{admin}/")


@pytest.mark.parametrize("path", PATHS)
def test_no_url_shows_another_contacts_customer(seller, abners_inquiry, fill, path):
    response = seller.get(fill(path), follow=True)
    assert response.status_code in {200, 400, 403, 404}
    assert revealed_secrets(response, abners_inquiry) == []


@pytest.mark.parametrize(("path", "data"), ACTIONS)
def test_no_post_changes_another_contacts_customer(seller, abners_inquiry, fill, path, data):
    before = stored_data(abners_inquiry)
    response = seller.post(fill(path), fill(data), follow=True)
    assert revealed_secrets(response, abners_inquiry) == []
    assert stored_data(abners_inquiry) == before


@pytest.mark.parametrize("account", ["contact", "viewer", "Editors", "Writers"])
def test_no_admin_url_shows_or_changes_an_invisible_inquiry(
    as_user, julys_inquiry, abners_inquiry, account
):
    """Other users try every URL; `viewer` has the permission to see inquiries but is no contact."""
    if account == "contact":
        user = julys_inquiry.assigned_to.user
    elif account == "viewer":
        user = make_user()
        codes = ["view_inquiry", "change_inquiry", "delete_inquiry"]
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    else:
        user = make_user(account)
    client, before = as_user(user), stored_data(abners_inquiry)
    paths = list(admin_paths(abners_inquiry.pk))
    assert f"{LIST}{abners_inquiry.pk}/change/" in paths
    for path in paths:
        assert revealed_secrets(client.get(path), abners_inquiry) == [], path
        assert revealed_secrets(client.post(path, WORK | {"post": "yes"}), abners_inquiry) == [], (
            path
        )
    assert stored_data(abners_inquiry) == before


def test_no_linked_page_of_the_admin_shows_it_to_another_contact(seller, abners_inquiry):
    """Every link is followed, but only one filter of a list at a time."""
    queue, seen = ["/admin/"], {"/admin/"}
    while queue:
        path = queue.pop(0)
        response = seller.get(path)
        assert revealed_secrets(response, abners_inquiry) == [], path
        if "?" in path or "html" not in response.headers["Content-Type"]:
            continue
        for link in re.findall(r'href="([^"#]+)', content_of(response)):
            url = urljoin(path, link.replace("&amp;", "&"))
            if url.startswith("/admin/") and url not in seen:
                seen.add(url)
                queue.append(url)
    assert f"{LIST}?status__exact=assigned" in seen
    assert len(seen) < 300


def test_filters_show_no_counts(seller, abners_inquiry):
    page = seller.get(f"{LIST}?_facets=True").content.decode()
    assert "Abner" in page
    assert not re.search(r"(Abner|July)\s*\([0-9]", page)


def test_a_manager_finds_every_secret(as_user, abners_inquiry):
    """The secrets that the tests above look for appear on the pages of a manager."""
    client = as_user(make_user("Managers"))
    urls = (LIST, f"{LIST}{abners_inquiry.pk}/change/", f"{LIST}{abners_inquiry.pk}/history/")
    pages = [client.get(url) for url in urls]
    file = client.get(
        f"{LIST}{abners_inquiry.pk}/attachment/{abners_inquiry.attachments.get().pk}/"
    )
    found = {secret for page in [*pages, file] for secret in revealed_secrets(page, abners_inquiry)}
    assert found == {abners_inquiry.reference, *SECRETS}
