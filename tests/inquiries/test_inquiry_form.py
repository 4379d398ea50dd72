"""The public inquiry form."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from core.page_cache import redis
from inquiries.forms.fields import MAX_PRODUCT_CHOICES
from inquiries.models import Inquiry, InquiryEvent
from products.models import Product
from tests.factories import make_article, make_product

pytestmark = pytest.mark.django_db


def typed(**fields: object) -> dict[str, object]:
    """The values of a filled-in form."""
    return {
        "name": "Maria Muster",
        "email": "maria@example.com",
        "company": "Example GmbH",
        "country": "DE",
        "phone": "+49 (30) 901820",
        "message": "Two of these, please.\nBy spring.",
        **fields,
    }


def test_an_inquiry_is_saved_with_reference_line_and_event(visitor):
    product = make_product(name="Jaw crusher", unit="set")
    response = visitor.post("/inquiry/", typed(product=product.slug, quantity="2"))

    inquiry = Inquiry.objects.get()
    assert response.status_code == 302
    assert inquiry.name == "Maria Muster"
    assert inquiry.phone == "+49 (30) 901820", "saved as it was typed"
    assert inquiry.message == "Two of these, please.\nBy spring."
    assert inquiry.language == "en"
    assert inquiry.status == "new"
    assert inquiry.due_at > inquiry.created_at
    line = inquiry.lines.get()
    assert (line.product, line.quantity, line.unit) == (product, 2, "set")
    assert [event.kind for event in inquiry.events.all()] == [InquiryEvent.Kind.RECEIVED]

    thanks = visitor.get(response.url)
    assert inquiry.reference in thanks.content.decode()
    assert "no-store" in thanks.headers["Cache-Control"]


def test_only_name_email_and_message_are_required(visitor):
    data = {"name": "Li", "email": "li@example.com", "message": "Hello"}
    assert visitor.post("/inquiry/", data).status_code == 302
    assert not Inquiry.objects.get().lines.exists()


def test_the_language_of_the_page_is_saved(visitor):
    response = visitor.post("/zh-hans/inquiry/", typed())
    assert response.url.startswith("/zh-hans/inquiry/thanks/")
    assert Inquiry.objects.get().language == "zh-hans"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "Maria\nBcc: all@example.com"),
        ("email", ""),
        ("email", "maria@"),
        ("email", "maria@example.com\nBcc: all@example.com"),
        ("company", "x" * 151),
        ("country", "XX"),
        ("phone", "call me"),
        ("phone", "1" * 41),
        ("quantity", "0"),
        ("quantity", "-3"),
        ("quantity", "many"),
        ("quantity", "99999999999999999999"),
        ("message", ""),
        ("message", "   "),
        ("message", "x" * 5001),
        ("product", "no-such-product"),
        ("product", "crusher\0"),
    ],
)
def test_an_invalid_field_shows_its_error_and_all_values_are_shown_again(visitor, field, value):
    product = make_product(slug="crusher")
    response = visitor.post("/inquiry/", typed(product="crusher", quantity="2") | {field: value})
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    page = response.content.decode()
    assert f'id="id_{field}"' in page
    assert 'aria-invalid="true"' in page
    for name, text in typed(product=product.slug, quantity="2").items():
        if name != field:
            assert form[name].value() == text
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("state", ["draft", "deleted"])
def test_an_unavailable_product_is_an_error(visitor, state):
    product = make_product()
    if state == "deleted":
        product.delete()
    else:
        Product.objects.update(status=Product.Status.DRAFT)
    response = visitor.post("/inquiry/", typed(product=product.slug))
    assert "no longer available" in response.context["form"].errors["product"][0]


def test_the_url_fills_in_the_product(visitor):
    make_product(slug="crusher", name="Jaw crusher")
    page = visitor.get("/inquiry/?product=crusher").content.decode()
    assert '<option value="crusher" selected>Jaw crusher</option>' in page


@pytest.mark.parametrize(
    "query", ["?product=none", "?product=", "?product=%00", "?product=<script>"]
)
def test_a_url_with_an_unknown_product_shows_an_empty_form(visitor, query):
    response = visitor.get(f"/inquiry/{query}")
    assert response.status_code == 200
    assert b"<script>" not in response.content


def test_the_product_choices_are_limited_and_include_the_selected_one(visitor):
    first = make_product()
    Product.objects.bulk_create(
        Product(name=f"P{n}", slug=f"p-{n}", status="published", category=first.category, order=n)
        for n in range(MAX_PRODUCT_CHOICES + 20)
    )
    last = f"p-{MAX_PRODUCT_CHOICES + 19}"
    page = visitor.get(f"/inquiry/?product={last}").content.decode()
    assert f'<option value="{last}" selected>' in page
    assert page.count("<option") < MAX_PRODUCT_CHOICES + 300  # with the countries
    assert visitor.post("/inquiry/", typed(product="p-201")).status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # as on a real site
@pytest.mark.parametrize("path", ["/inquiry/", "/zh-hans/inquiry/", "/inquiry/?product=jaw"])
def test_the_product_choices_change_with_the_catalogue(visitor, path):
    product = make_product(slug="jaw", name="Jaw crusher", name_zh_hans="颚式破碎机")

    def choices() -> str:
        return visitor.get(path).content.decode()

    known = "颚式破碎机" if path.startswith("/zh") else "Jaw crusher"
    assert choices().count(known) == choices().count(known) == 1
    Product.objects.filter(pk=product.pk).update(name="Old crusher", name_zh_hans="旧破碎机")
    assert known not in choices()
    product.save()
    added = make_product(slug="cone", name="Cone crusher", status="draft")
    assert known in choices()
    assert "cone" not in choices()
    added.status = "published"
    added.save()
    assert "cone" in choices()
    added.delete()
    assert "cone" not in choices()


def test_too_many_inquiries_from_one_ip_address_are_refused(visitor, settings):
    settings.INQUIRY_RATE = (2, 3600)
    assert visitor.post("/inquiry/", typed()).status_code == 302
    assert visitor.post("/inquiry/", typed(email="wrong")).status_code == 422, "is not counted"
    assert visitor.post("/inquiry/", typed()).status_code == 302
    response = visitor.post("/inquiry/", typed())
    assert response.status_code == 429
    assert "Two of these, please." in response.content.decode()
    assert Inquiry.objects.count() == 2
    data = typed(email="other@example.com")
    other = visitor.post("/inquiry/", data, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_an_inquiry_is_accepted_without_the_cache(visitor, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ConnectionError("no cache here")

    monkeypatch.setattr(type(cache._connections["default"]), "add", fail)
    monkeypatch.setattr(redis, "run_script", fail)
    assert visitor.post("/inquiry/", typed()).status_code == 302
    assert Inquiry.objects.count() == 1
    assert "Cache unavailable" in caplog.text


def test_a_post_without_a_csrf_token_shows_the_form_again():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/inquiry/", typed())
    assert response.status_code == 403
    assert not Inquiry.objects.exists()
    page = response.content.decode()
    assert "Two of these, please." in page, "what was typed is not lost"
    assert "send it again" in page
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post("/inquiry/", typed(csrfmiddlewaretoken=token)).status_code == 302
    assert client.post("/admin/login/", {}).status_code == 403


@pytest.mark.parametrize("token", ["nonsense", "ABCDEFGH:forged", "%00"])
def test_the_thank_you_page_needs_a_valid_token(visitor, token):
    assert visitor.get(f"/inquiry/thanks/{token}/").status_code == 404


def test_references_are_unique(monkeypatch, visitor):
    references = iter(["AAAAAAAA", "AAAAAAAA", "BBBBBBBB"])
    monkeypatch.setattr(
        "inquiries.services.receiving.get_random_string", lambda *_: next(references)
    )
    visitor.post("/inquiry/", typed())
    visitor.post("/inquiry/", typed())
    assert {inquiry.reference for inquiry in Inquiry.objects.all()} == {"AAAAAAAA", "BBBBBBBB"}


def test_typed_html_is_escaped(visitor):
    response = visitor.post("/inquiry/", typed(email="x", name='"><script>alert(1)</script>'))
    assert b"<script>alert" not in response.content


def test_the_form_explains_the_use_of_the_data(visitor):
    page = visitor.get("/inquiry/").content.decode()
    assert "We use your details only to reply to your inquiry." in page


@pytest.mark.parametrize("kind", ["/", "news", "product", "/news/", "/products/", "/contacts/"])
def test_every_page_links_to_the_form(visitor, kind):
    urls = {"news": make_article().get_absolute_url()}
    urls["product"] = make_product().get_absolute_url()
    page = visitor.get(urls.get(kind, kind)).content.decode()
    assert re.search(r'<a [^>]*href="/inquiry/[^"]*"', page)


@pytest.mark.parametrize(("unit", "line"), [("set", "Quantity: 3 set"), ("", "Quantity: 3")])
def test_a_quantity_without_a_product_is_part_of_the_message(visitor, unit, line):
    visitor.post("/inquiry/", typed(message="A crusher like yours.", quantity="3", unit=unit))
    inquiry = Inquiry.objects.get()
    assert inquiry.message == f"A crusher like yours.\n\n{line}"
    assert not inquiry.lines.exists()


def test_countries_have_their_names_in_the_language_of_the_page(visitor):
    """Also after the page was shown in another language."""
    for path, name in (("/inquiry/", "Germany"), ("/zh-hans/inquiry/", "德国")) * 2:
        assert f'<option value="DE">{name}</option>' in visitor.get(path).text


def test_the_selected_country_stays_selected(visitor):
    page = visitor.post("/inquiry/", {"country": "DE"}).text
    assert '<option value="DE" selected>Germany</option>' in page
    assert page.count(" selected>Germany") == 1
    assert '<option value="FR">' in page
    unknown = visitor.post("/inquiry/", {"country": '"><script>'}).text
    assert "<script>" not in unknown.split('name="country"')[1].split("</select>")[0]
