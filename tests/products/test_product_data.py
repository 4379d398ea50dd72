"""Search engines read what a product is."""

import json
import re

import pytest
from pyld import jsonld

from products.models import Category
from tests.world import make_company, make_product, picture_file

pytestmark = pytest.mark.django_db

ELEMENT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SCHEMA = "https://schema.org/"


def things_on(reader, address: str) -> dict[str, dict]:
    """What the page says, by its type, as a JSON-LD processor understands it."""
    [text] = ELEMENT.findall(reader.get(address).content.decode())
    data = json.loads(text)
    assert data.pop("@context") == "https://schema.org"
    expanded = jsonld.expand(data | {"@context": {"@vocab": SCHEMA}})
    return {
        thing["@type"][0].removeprefix(SCHEMA): jsonld.compact(thing, {"@vocab": SCHEMA})
        for thing in expanded
    }


def test_a_product_says_what_it_is_and_names_no_price(reader):
    make_company(name="Example Machines")
    top = Category.objects.create(name="Crushers")
    product = make_product(
        name="Jaw crusher", sku="PE600", summary="Crushes.", hs_code="847420", min_order=2,
        unit="set", category=Category.objects.create(name="Jaws", parent=top),
    )  # fmt: skip
    product.images.create(image=picture_file())
    product.specifications.create(name="Weight", value="16.8 t")
    product.variants.create(name="Diesel", sku="PE600-D")
    thing = things_on(reader, product.get_absolute_url())["Product"]
    assert thing["name"] == "Jaw crusher"
    assert thing["description"] == "Crushes."
    assert thing["sku"] == thing["mpn"] == "PE600"
    assert thing["category"] == "Crushers > Jaws"
    assert thing["image"].startswith("http://testserver/media/products/")
    assert thing["manufacturer"]["name"] == "Example Machines"
    assert [(p["name"], p["value"]) for p in thing["additionalProperty"]] == [
        ("Weight", "16.8 t"),
        ("HS code", "847420"),
    ]
    assert thing["model"] == {"@type": "ProductModel", "name": "Diesel", "sku": "PE600-D"}
    offer = thing["offers"]
    assert offer["url"] == f"http://testserver{product.get_absolute_url()}"
    assert offer["eligibleQuantity"]["minValue"] == 2
    assert "price" not in json.dumps(thing).lower()


def test_the_way_to_a_product_and_to_a_category_is_told(reader):
    top = Category.objects.create(name="Crushers")
    jaws = Category.objects.create(name="Jaws", parent=top)
    product = make_product(name="Jaw crusher", category=jaws)

    def steps(address: str) -> list[tuple[str, str]]:
        way = things_on(reader, address)["BreadcrumbList"]["itemListElement"]
        return [(step["name"], step["item"].removeprefix("http://testserver")) for step in way]

    way = [("Home", "/"), ("Products", "/products/")]
    assert steps("/products/") == way
    way += [("Crushers", top.get_absolute_url()), ("Jaws", jaws.get_absolute_url())]
    assert steps(jaws.get_absolute_url()) == way
    assert steps(product.get_absolute_url()) == [*way, ("Jaw crusher", product.get_absolute_url())]


def test_a_name_cannot_end_the_element_it_stands_in(reader):
    name = "</script><script>alert(1)</script><!--"
    product = make_product(name=name, category=Category.objects.create(name=name))
    for address in (product.get_absolute_url(), product.category.get_absolute_url()):
        assert "<script>alert" not in reader.get(address).content.decode()
        assert name in json.dumps(things_on(reader, address))


def test_what_is_not_known_is_left_out(reader):
    thing = things_on(reader, make_product().get_absolute_url())["Product"]
    assert not {"sku", "image", "description", "manufacturer", "additionalProperty"} & set(thing)


def test_a_shared_link_shows_name_summary_and_picture(reader):
    category = Category.objects.create(name="Crushers", description="All.", image=picture_file())
    product = make_product(name="Jaw crusher", summary="Crushes.", category=category)
    product.images.create(image=picture_file())
    for address, kind, title, text in (
        (product.get_absolute_url(), "product", "Jaw crusher", "Crushes."),
        (category.get_absolute_url(), "website", "Crushers", "All."),
    ):
        page = " ".join(reader.get(address).content.decode().split())
        assert f'<meta property="og:type" content="{kind}">' in page
        assert f'<meta property="og:title" content="{title}">' in page
        assert f'<meta property="og:description" content="{text}">' in page
        assert '<meta property="og:image" content="http://testserver/media/products/' in page
