"""No URL leads a sales contact, or other staff, to a customer who is not theirs.

Every URL of the admin is tried automatically. PATHS adds query strings and keys, ACTIONS adds
what could be sent.
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
    f"{LIST}?id={{foreign}}",
    # Pop-up windows
    f"{LIST}?_popup=1",
    f"{LIST}?_popup=1&_to_field=reference",
    f"{LIST}{{foreign}}/change/?_popup=1&_to_field=id",
    f"{LIST}{{foreign}}/history/",
    # Through other objects
    f"{LIST}{{mine}}/attachment/{{file}}/",
    f"{LIST}{{foreign}}/attachment/{{file}}/",
    f"{AUTOCOMPLETE}inquiryline&field_name=inquiry",
    f"{AUTOCOMPLETE}inquiryevent&field_name=inquiry",
    f"{AUTOCOMPLETE}attachment&field_name=inquiry",
    f"{AUTOCOMPLETE}inquiry&field_name=assigned_to",
    "/admin/r/{type}/{foreign}/",
    "/admin/jsi18n/",
    "/admin/post_office/email/?q=other",
    "/admin/post_office/email/{mail}/change/",
    "/admin/contacts/contact/{contact}/delete/",
    # The buyers' own pages
    "/inquiry/status/{reference}/",
    "/inquiry/status/{thanks_token}/",
    "/inquiry/status/{token_of_mine}/files/{file}/",
    "/inquiry/thanks/{reference}/",
    "/inquiry/thanks/{token}/",
]

WORK = {"new_status": "won", "answer": "Mine now", "note": "Mine now", "release": "on"}
CHOSEN = {"_selected_action": ["{foreign}"], "select_across": "1", "post": "yes"}
ACTIONS: list[tuple[str, dict[str, Any]]] = [
    (f"{LIST}{{foreign}}/change/", WORK | {"contact": "{my_contact}"}),
    (f"{LIST}{{foreign}}/delete/", {"post": "yes"}),
    (LIST, CHOSEN | {"action": "assign", "contact": "{my_contact}"}),
    (LIST, CHOSEN | {"action": "release"}),
    (LIST, CHOSEN | {"action": "delete_selected"}),
    (LIST, CHOSEN | {"action": "export_admin_action", "format": "0", "export_items": "{foreign}"}),
    (f"{LIST}export/", {"format": "0", "export_items": "{foreign}"}),
    (f"{LIST}?q=Other", CHOSEN | {"action": "release"}),
    ("/inquiry/status/{token}/", {"message": "Mine now"}),
]


@pytest.fixture
def fill(mine: Inquiry, foreign: Inquiry) -> Callable[[Any], Any]:
    """Fills the placeholders of a path or of form data."""
    names = {
        "mine": mine.pk,
        "my_contact": mine.assigned_to_id,
        "token_of_mine": mine.status_url.split("/")[-2],
        "foreign": foreign.pk,
        "contact": foreign.assigned_to_id,
        "reference": foreign.reference,
        "part": foreign.reference[:-1],
        "year": foreign.created_at.year,
        "file": foreign.attachments.get().pk,
        "mail": Email.objects.filter(message__contains="secret").first().pk,
        "type": ContentType.objects.get_for_model(Inquiry).pk,
        # A token is valid for one kind of page.
        "token": foreign.status_url.split("/")[-2] + "x",
        "thanks_token": foreign.token,
    }

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        return [filled(v) for v in value] if isinstance(value, list) else value.format(**names)

    return filled


def content_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = f"{response.headers} {content.decode(errors='replace')}"
    return text.replace(response.request["PATH_INFO"], "")  # the client knows it anyway


def revealed(response: Any, foreign: Inquiry) -> list[str]:
    """The secrets of the inquiry that a response contains."""
    text = content_of(response)
    return [secret for secret in [foreign.reference, *SECRETS] if secret in text]


def state_of(inquiry: Inquiry) -> Any:
    rows = (inquiry.lines, inquiry.attachments, inquiry.events)
    return [Inquiry.objects.filter(pk=inquiry.pk).values().get(), *(row.count() for row in rows)]


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
def test_no_url_shows_another_contacts_customer(seller, foreign, fill, path):
    response = seller.get(fill(path), follow=True)
    assert response.status_code in {200, 400, 403, 404}
    assert revealed(response, foreign) == []


@pytest.mark.parametrize(("path", "data"), ACTIONS)
def test_no_post_changes_another_contacts_customer(seller, foreign, fill, path, data):
    before = state_of(foreign)
    response = seller.post(fill(path), fill(data), follow=True)
    assert revealed(response, foreign) == []
    assert state_of(foreign) == before


@pytest.mark.parametrize("who", ["contact", "viewer", "Editors", "Writers"])
def test_no_admin_url_shows_or_changes_an_invisible_inquiry(as_user, mine, foreign, who):
    """Other users try every URL; `viewer` has the permission to see inquiries but is no contact."""
    if who == "contact":
        user = mine.assigned_to.user
    elif who == "viewer":
        user = make_user()
        codes = ["view_inquiry", "change_inquiry", "delete_inquiry"]
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    else:
        user = make_user(who)
    client, before = as_user(user), state_of(foreign)
    paths = list(admin_paths(foreign.pk))
    assert f"{LIST}{foreign.pk}/change/" in paths
    for path in paths:
        assert revealed(client.get(path), foreign) == [], path
        assert revealed(client.post(path, WORK | {"post": "yes"}), foreign) == [], path
    assert state_of(foreign) == before


def test_no_link_in_the_admin_leads_a_contact_to_it(seller, foreign):
    """It follows every link from page to page, but only one filter of a list at a time."""
    waiting, seen = ["/admin/"], {"/admin/"}
    while waiting:
        path = waiting.pop(0)
        response = seller.get(path)
        assert revealed(response, foreign) == [], path
        if "?" in path or "html" not in response.headers["Content-Type"]:
            continue
        for link in re.findall(r'href="([^"#]+)', content_of(response)):
            address = urljoin(path, link.replace("&amp;", "&"))
            if address.startswith("/admin/") and address not in seen:
                seen.add(address)
                waiting.append(address)
    assert f"{LIST}?status__exact=assigned" in seen
    assert len(seen) < 300


def test_filters_show_no_counts(seller, foreign):
    page = seller.get(f"{LIST}?_facets=True").content.decode()
    assert "Abner" in page
    assert not re.search(r"(Abner|July)\s*\([0-9]", page)


def test_a_manager_finds_every_secret(as_user, foreign):
    """The secrets that the tests above look for do appear to those who may see them."""
    client = as_user(make_user("Managers"))
    addresses = (LIST, f"{LIST}{foreign.pk}/change/", f"{LIST}{foreign.pk}/history/")
    pages = [client.get(address) for address in addresses]
    file = client.get(f"{LIST}{foreign.pk}/attachment/{foreign.attachments.get().pk}/")
    found = {secret for page in [*pages, file] for secret in revealed(page, foreign)}
    assert found == {foreign.reference, *SECRETS}
