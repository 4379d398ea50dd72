"""The services are the only code that publishes and withdraws products."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from core.staff_log.models import StaffAction
from products.models import Category, Product
from products.services.publication import publish_product, save_edited_product, withdraw_product
from products.services.storing import create_products
from tests.factories import make_product, make_user
from tests.products.test_spreadsheets import dry_run, import_rows, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def service_calls(monkeypatch):
    """The calls of the services, as (name of the service, name of the product)."""
    calls = []
    for service in (publish_product, withdraw_product):
        name = service.__name__

        def record(product, *, by, service=service, name=name):
            calls.append((name, product.name))
            return service(product, by=by)

        monkeypatch.setattr(f"products.services.publication.{name}", record)
    return calls


def test_publishing_and_withdrawing_are_logged_with_the_user():
    manager, product = make_user("Managers"), make_product(status="draft")
    assert publish_product(product, by=manager)
    assert not publish_product(product, by=manager)
    assert Product.objects.get().status == "published"
    assert withdraw_product(product, by=manager)
    assert Product.objects.get().status == "draft"
    assert StaffAction.objects.filter(user=manager).count() == 2


def test_an_edited_product_changes_its_status_through_the_services(service_calls):
    product = make_product(name="Jaw", status="draft")
    product.name, product.status = "Jaw crusher", "published"
    statuses = []

    def save():
        statuses.append(product.status)
        product.save()

    save_edited_product(product, save)
    assert statuses == ["draft"]
    assert service_calls == [("publish_product", "Jaw crusher")]
    stored = Product.objects.get()
    assert (stored.name, stored.status, product.status) == (
        "Jaw crusher",
        "published",
        "published",
    )


def test_the_form_changes_the_status_through_the_services(as_user, service_calls):
    product = make_product(name="Jaw")
    manager = as_user(make_user("Managers"))
    url = f"/admin/products/product/{product.pk}/change/"
    form = manager.get(url).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    for formset in manager.get(url).context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    sent |= {"status": "draft", "order": "0"}
    response = manager.post(url, {name: value for name, value in sent.items() if value != ""})
    assert response.status_code == 302
    assert service_calls == [("withdraw_product", "Jaw")]
    assert Product.objects.get().status == "draft"


@pytest.fixture
def draft() -> Product:
    category = Category.objects.create(name="Crushers")
    return make_product(slug="jaw", name="Jaw", category=category, status="draft", featured=True)


def test_a_sheet_publishes_a_product_through_the_service(as_user, visitor, service_calls, draft):
    manager = make_user("Managers")
    assert "Jaw crusher" not in visitor.get("/").content.decode()
    import_rows(as_user(manager), {"slug": "jaw", "name_en": "Jaw crusher", "status": "published"})
    assert set(service_calls) == {("publish_product", "Jaw crusher")}
    assert Product.objects.get().status == "published"
    for url in ("/", "/products/", "/products/?q=jaw", "/products/jaw/", "/site-index/"):
        assert "Jaw crusher" in visitor.get(url).content.decode(), url
    entry = StaffAction.objects.get()
    assert (entry.user, entry.object_id, entry.kind) == (manager, str(draft.pk), "changed")


def test_a_new_product_in_a_sheet_is_stored_by_a_service_with_its_status(
    as_user, visitor, monkeypatch
):
    stored = []

    def record(new):
        new = list(new)
        stored.extend((one.product.name, one.product.status) for one in new)
        create_products(new)

    monkeypatch.setattr("products.spreadsheets.resource.create_products", record)
    Category.objects.create(name="Crushers")
    import_rows(
        as_user(make_user("Managers")), row(), row(slug="new", name_en="New", status="draft")
    )
    assert set(stored) == {("Jaw crusher", "published"), ("New", "draft")}
    assert visitor.get("/products/jaw/").status_code == 200
    assert visitor.get("/products/new/").status_code == 404


def test_a_sheet_withdraws_a_product_through_the_service(as_user, visitor, service_calls, draft):
    publish_product(draft, by=None)
    assert visitor.get("/products/jaw/").status_code == 200
    import_rows(as_user(make_user("Managers")), {"slug": "jaw", "status": "draft"})
    assert set(service_calls) == {("withdraw_product", "Jaw")}
    assert Product.objects.get().status == "draft"
    assert visitor.get("/products/jaw/").status_code == 404


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_sheet_without_the_status_does_not_change_it(as_user, draft, status):
    Product.objects.update(status=status)
    import_rows(as_user(make_user("Managers")), {"slug": "jaw", "name_en": "Jaw crusher"})
    product = Product.objects.get()
    assert (product.name, product.status) == ("Jaw crusher", status)


def test_the_dry_run_of_a_sheet_does_not_publish(as_user, visitor, draft):
    page = dry_run(as_user(make_user("Managers")), {"slug": "jaw", "status": "published"})
    assert [one.import_type for one in page.context["result"].rows] == ["update"]
    assert Product.objects.get().status == "draft"
    assert visitor.get("/products/jaw/").status_code == 404


def client_with_permissions(as_user, *codenames: str) -> Client:
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return as_user(user)


@pytest.mark.parametrize("codenames", [["view_product"], ["add_product"], ["change_product"]])
def test_a_sheet_cannot_be_imported_with_only_part_of_the_permissions(as_user, draft, codenames):
    client = client_with_permissions(as_user, "view_product", *codenames)
    assert dry_run(client, {"slug": "jaw", "status": "published"}).status_code == 403
    assert Product.objects.get().status == "draft"


def test_a_confirmed_import_checks_the_permissions_again(as_user, draft):
    allowed = client_with_permissions(as_user, "add_product", "change_product")
    page = dry_run(allowed, {"slug": "jaw", "status": "published"})
    confirmation = page.context["confirm_form"].initial
    other = client_with_permissions(as_user, "change_product")
    url = "/admin/products/product/process_import/"
    assert other.post(url, confirmation).status_code == 403
    assert Product.objects.get().status == "draft"
    allowed.post(url, confirmation)
    assert Product.objects.get().status == "published"
