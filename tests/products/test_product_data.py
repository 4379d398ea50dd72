"""Structured data and Open Graph tags of products and categories."""

import json
import re

import pytest
from pyld import jsonld

from products.models import Category
from tests.factories import make_company, make_product, picture_file

pytestmark = pytest.mark.django_db

ELEMENT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SCHEMA = "https://schema.org/"


def read_data(visitor, url: str) -> dict[str, dict]:
    """The page's structured data by type, as a JSON-LD processor reads it."""
    [text] = ELEMENT.findall(visitor.get(url).content.decode())
    data = json.loads(text)
    assert data.pop("@context") == "https://schema.org"
    expanded = jsonld.expand(data | {"@context": {"@vocab": SCHEMA}})
    return {
        node["@type"][0].removeprefix(SCHEMA): jsonld.compact(node, {"@vocab": SCHEMA})
        for node in expanded
    }


def test_structured_data_of_a_product_has_no_price(visitor):
    make_company(name="Example Machines")
    top = Category.objects.create(name="Crushers")
    product = make_product(
        name="Jaw crusher", sku="PE600", summary="Crushes.", hs_code="847420", min_order=2,
        unit="set", category=Category.objects.create(name="Jaws", parent=top),
    )  # fmt: skip
    product.images.create(image=picture_file())
    product.specifications.create(name="Weight", value="16.8 t")
    product.variants.create(name="Diesel", sku="PE600-D")
    data = read_data(visitor, product.get_absolute_url())["Product"]
    assert data["name"] == "Jaw crusher"
    assert data["description"] == "Crushes."
    assert data["sku"] == data["mpn"] == "PE600"
    assert data["category"] == "Crushers > Jaws"
    assert data["image"].startswith("http://testserver/media/products/")
    assert data["manufacturer"]["name"] == "Example Machines"
    assert [(p["name"], p["value"]) for p in data["additionalProperty"]] == [
        ("Weight", "16.8 t"),
        ("HS code", "847420"),
    ]
    assert data["model"] == {"@type": "ProductModel", "name": "Diesel", "sku": "PE600-D"}
    offer = data["offers"]
    assert offer["url"] == f"http://testserver{product.get_absolute_url()}"
    assert offer["eligibleQuantity"]["minValue"] == 2
    assert "price" not in json.dumps(data).lower()


def test_structured_data_has_breadcrumbs(visitor):
    top = Category.objects.create(name="Crushers")
    jaws = Category.objects.create(name="Jaws", parent=top)
    product = make_product(name="Jaw crusher", category=jaws)

    def breadcrumbs(url: str) -> list[tuple[str, str]]:
        items = read_data(visitor, url)["BreadcrumbList"]["itemListElement"]
        return [(item["name"], item["item"].removeprefix("http://testserver")) for item in items]

    path = [("Home", "/"), ("Products", "/products/")]
    assert breadcrumbs("/products/") == path
    path += [("Crushers", top.get_absolute_url()), ("Jaws", jaws.get_absolute_url())]
    assert breadcrumbs(jaws.get_absolute_url()) == path
    assert breadcrumbs(product.get_absolute_url()) == [
        *path,
        ("Jaw crusher", product.get_absolute_url()),
    ]


def test_a_name_cannot_close_the_script_element(visitor):
    name = "</script><script>alert(1)</script><!--"
    product = make_product(name=name, category=Category.objects.create(name=name))
    for url in (product.get_absolute_url(), product.category.get_absolute_url()):
        assert "<script>alert" not in visitor.get(url).content.decode()
        assert name in json.dumps(read_data(visitor, url))


def test_structured_data_has_no_empty_properties(visitor):
    data = read_data(visitor, make_product().get_absolute_url())["Product"]
    assert not {"sku", "image", "description", "manufacturer", "additionalProperty"} & set(data)


def test_a_shared_link_shows_name_summary_and_picture(visitor):
    category = Category.objects.create(name="Crushers", description="All.", image=picture_file())
    product = make_product(name="Jaw crusher", summary="Crushes.", category=category)
    product.images.create(image=picture_file())
    for url, kind, title, text in (
        (product.get_absolute_url(), "product", "Jaw crusher", "Crushes."),
        (category.get_absolute_url(), "website", "Crushers", "All."),
    ):
        page = " ".join(visitor.get(url).content.decode().split())
        assert f'<meta property="og:type" content="{kind}">' in page
        assert f'<meta property="og:title" content="{title}">' in page
        assert f'<meta property="og:description" content="{text}">' in page
        assert '<meta property="og:image" content="http://testserver/media/products/' in page
