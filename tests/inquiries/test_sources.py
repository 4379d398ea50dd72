"""The source of an inquiry."""

import pytest

from inquiries.models import Inquiry
from inquiries.sources import inquiry_source
from tests.factories import make_contact, make_product
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "source"),
    [
        ("/products/jaw-crusher/", "product"),
        ("/zh-hans/products/jaw-crusher/", "product"),
        ("/news/a-new-plant/", "article"),
        ("/ar/news/a-new-plant/", "article"),
        ("/contacts/", "contact"),
        ("/inquiry/basket/", "basket"),
        ("/products/", "page"),
        ("/products/compare/", "page"),
        ("/products/category/crushers/", "page"),
        ("/news/", "page"),
        ("/news/feed/", "page"),
        ("/news/archive/2026/11/", "page"),
        ("/", "page"),
        ("", "page"),
    ],
)
def test_the_path_of_the_page_determines_the_source(page, source):
    assert inquiry_source(page) == source


@pytest.mark.parametrize("page", ["/products/crusher/", "/ar/products/crusher/"])
def test_the_source_is_saved_with_the_inquiry(visitor, page):
    make_product(slug="crusher")
    form = visitor.get("/inquiry/", headers={"Referer": f"http://testserver{page}"}).context["form"]
    visitor.post("/inquiry/", typed(came_from=form["came_from"].value()))
    assert Inquiry.objects.get().source == "product"


def test_an_inquiry_with_a_filled_basket_comes_from_the_basket(visitor):
    product = make_product(slug="crusher")
    visitor.post("/inquiry/basket/", {"product": product.slug, "quantity": 2})
    visitor.post("/inquiry/", typed(came_from="/news/a-new-plant/"))
    assert Inquiry.objects.get().source == "basket"


def test_an_inquiry_to_a_chosen_contact_comes_from_the_card(visitor):
    july = make_contact(name="July")
    visitor.post("/inquiry/", typed(came_from="/news/a-new-plant/", contact=july.pk))
    assert Inquiry.objects.get().source == "contact"
