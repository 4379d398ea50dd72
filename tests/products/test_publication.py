"""The services are the only code that publishes and withdraws products."""

import pytest
from django.contrib.admin.models import LogEntry

from products.models import Product
from products.services.publication import publish_product, save_edited_product, withdraw_product
from tests.factories import make_product, make_user

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
    assert LogEntry.objects.filter(user=manager).count() == 2


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
