"""The search in the header of the admin finds everything that the user may see, and no more."""

import html
import re

import pytest

from contacts.models import Contact
from news.models import Article
from products.models import Product
from tests.factories import make_article, make_inquiry, make_page, make_product, make_user

pytestmark = pytest.mark.django_db


def found(client, query: str) -> dict[str, list[str]]:
    """The titles in each group of results."""
    response = client.get("/admin/find/", {"q": query})
    assert response.status_code == 200
    groups = response.content.decode().split('<div class="module">')[1:]
    return {
        re.search("<h2>(.*?)</h2>", group)[1]: [
            html.unescape(title) for title in re.findall(r'dir="auto">(.*?)</a>', group)
        ]
        for group in groups
    }


@pytest.fixture
def _content():
    make_article(title="Granite news")
    make_article(title="Granite draft", status=Article.Status.DRAFT)
    make_product(name="Granite crusher", sku="KNCC-900", status=Product.Status.DRAFT)
    make_page(title="Granite page")
    Contact.objects.create(name="Peter Granite")
    make_inquiry(company="Granite Ltd.", name="Mary")


@pytest.mark.usefixtures("_content")
def test_everything_is_found_in_groups_with_links(as_user):
    admin = as_user(make_user(is_superuser=True))
    groups = found(admin, "granite")
    assert sorted(groups["Articles"]) == ["Granite draft", "Granite news"]
    assert groups["Products"] == ["Granite crusher"]
    assert groups["Pages"] == ["Granite page"]
    assert groups["Contacts"] == ["Peter Granite"]
    assert len(groups["Inquiries"]) == 1
    assert found(admin, "KNCC900") == {"Products": ["Granite crusher"]}
    product = Product.objects.get()
    page = admin.get("/admin/find/?q=kncc900").content.decode()
    assert f'href="/admin/products/product/{product.pk}/change/"' in page


@pytest.mark.usefixtures("_content")
@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("Writers", {"Inquiries", "Products"}),
        ("Sales", {"Inquiries"}),
        ("", {"Articles", "Products", "Inquiries"}),
    ],
)
def test_nobody_finds_what_they_may_not_see(as_user, role, hidden):
    assert not hidden & found(as_user(make_user(role)), "granite").keys()


def test_a_contact_finds_only_inquiries_that_are_visible_to_them(as_user):
    user = make_user("Sales")
    own = Contact.objects.create(name="July", user=user)
    inquiry = make_inquiry(company="Granite Ltd.")
    assert found(as_user(user), "granite") == {}
    inquiry.__class__.objects.filter(pk=inquiry.pk).update(assigned_to=own)
    assert len(found(as_user(user), "granite")["Inquiries"]) == 1
    assert len(found(as_user(user), inquiry.reference)["Inquiries"]) == 1
    assert len(found(as_user(user), inquiry.email)["Inquiries"]) == 1


def test_each_group_has_few_results_and_a_link_to_all(as_user):
    for number in range(7):
        make_product(name=f"Crusher {number}")
    page = as_user(make_user("Managers")).get("/admin/find/?q=crusher").content.decode()
    assert page.count("Crusher ") == 5
    assert 'href="/admin/products/product/?q=crusher"' in page


def test_the_number_of_queries_does_not_grow_with_the_results(
    as_user, django_assert_max_num_queries
):
    client = as_user(make_user(is_superuser=True))
    for _number in range(6):
        make_article(title="Granite")
        make_product(name="Granite")
        make_inquiry(company="Granite")
    client.get("/admin/find/?q=granite")
    with django_assert_max_num_queries(40):
        client.get("/admin/find/?q=granite")


@pytest.mark.parametrize("query", ["", " ", "\0", '"', "-", "*", "%", "x" * 3000, "'; --", "-a"])
def test_an_unusual_query_causes_no_error(as_user, query):
    make_article(title="Granite")
    client = as_user(make_user(is_superuser=True))
    assert client.get("/admin/find/", {"q": query}).status_code == 200


def test_only_staff_can_search(client):
    response = client.get("/admin/find/?q=granite")
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_every_page_of_the_admin_has_the_search(as_user):
    page = as_user(make_user("Editors")).get("/admin/").content.decode()
    assert 'action="/admin/find/"' in page
