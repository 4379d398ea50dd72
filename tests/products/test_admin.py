"""The admin of products."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.staff_log.models import StaffAction
from products.models import Product
from tests.factories import make_product, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/products/product/"


def run_action(client, action: str, *products: Product):
    chosen = [product.pk for product in products]
    form = {"action": action, "_selected_action": chosen}
    return client.post(LIST, form, follow=True)


@pytest.mark.parametrize(
    ("action", "field", "before", "after", "sentence"),
    [
        ("publish", "status", "draft", "published", "2 products published."),
        ("withdraw", "status", "published", "draft", "2 products unpublished."),
        ("feature", "featured", False, True, "2 products featured on the home page."),
        ("unfeature", "featured", True, False, "2 products removed from the home page."),
    ],
)
def test_an_action_changes_several_products(as_user, action, field, before, after, sentence):
    chosen = [make_product(**{field: before}) for _ in range(2)]
    same, other = make_product(**{field: after}), make_product(**{field: before})
    page = run_action(as_user(make_user("Managers")), action, *chosen, same)
    assert sentence in page.content.decode()
    for product in chosen:
        product.refresh_from_db()
        assert getattr(product, field) == after
    other.refresh_from_db()
    assert getattr(other, field) == before
    assert StaffAction.objects.count() == 2, "unchanged products are not logged"


def test_an_action_rejects_too_many_products(as_user, monkeypatch):
    monkeypatch.setattr("products.admin.product.MAX_PRODUCTS_PER_ACTION", 1)
    chosen = [make_product(status=Product.Status.DRAFT) for _ in range(2)]
    page = run_action(as_user(make_user("Managers")), "publish", *chosen)
    assert "Select at most 1 products at a time." in page.content.decode()
    assert not Product.objects.published().exists()


@pytest.mark.parametrize("role", ["Editors", "Sales"])
def test_users_without_permission_cannot_run_an_action(as_user, role):
    product = make_product()
    run_action(as_user(make_user(role)), "withdraw", product)
    product.refresh_from_db()
    assert product.is_published


def test_the_form_has_every_part_of_a_product(as_user):
    product = make_product()
    page = as_user(make_user("Managers")).get(f"{LIST}{product.pk}/change/").content.decode()
    for name in (
        "port_en", "lead_time_ar", "hs_code", "related_products", "datasheet",
        "variants-TOTAL_FORMS", "downloads-TOTAL_FORMS", "specifications-TOTAL_FORMS",
        "images-TOTAL_FORMS",
    ):  # fmt: skip
        assert f'name="{name}"' in page


def test_the_list_can_be_filtered(as_user):
    make_product(name="Hidden", status=Product.Status.DRAFT)
    make_product(name="Shown", featured=True)
    client = as_user(make_user("Managers"))
    for query in ("status__exact=published", "featured__exact=1", "q=Shown"):
        page = client.get(f"{LIST}?{query}").content.decode()
        assert "Shown" in page
        assert "Hidden" not in page


@pytest.mark.parametrize(
    "query",
    ["crusher", "welded frame", "PE-600", "pe600", "ＰＥ－６００", "PE‑600", "600", "pe600-d",
     "ポンプ", "jaw-crush", "muehle"],
)  # fmt: skip
def test_staff_find_a_product_by_its_texts_and_numbers(admin_client, query):
    product = make_product(
        name="Jaw crusher", sku="PE 600", description="<p>A welded <i>frame</i>, ﾎﾟﾝﾌﾟ, Mühle</p>"
    )
    product.variants.create(name="Diesel", sku="PE 600/D")
    make_product(name="Road roller", sku="RR-12", description="<p>Steel drum</p>")
    page = admin_client.get(LIST, {"q": query})
    assert [row.name for row in page.context["cl"].result_list] == ["Jaw crusher"]


def test_a_search_of_the_staff_needs_the_same_queries_for_many_products(
    admin_client, django_assert_num_queries
):
    make_product(name="Crusher 1")
    admin_client.get(LIST, {"q": "crusher"})  # fills the caches
    with CaptureQueriesContext(connection) as one:
        admin_client.get(LIST, {"q": "crusher"})
    for number in range(2, 8):
        make_product(name=f"Crusher {number}")
    with django_assert_num_queries(len(one)):
        admin_client.get(LIST, {"q": "crusher"})
