"""Publishing and featuring products.

Each function returns whether anything changed; only then it is written to the admin's log.
"""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction

from products.models import Product


def publish_product(product: Product, *, by: User) -> bool:
    """Show a product to visitors, who can then ask about it."""
    return _change(product, "status", Product.Status.PUBLISHED, by=by)


def withdraw_product(product: Product, *, by: User) -> bool:
    """Turn a published product into a draft again."""
    return _change(product, "status", Product.Status.DRAFT, by=by)


def feature_product(product: Product, *, by: User) -> bool:
    """Show a product on the home page."""
    return _change(product, "featured", True, by=by)


def unfeature_product(product: Product, *, by: User) -> bool:
    """Do not show a product on the home page any more."""
    return _change(product, "featured", False, by=by)


@transaction.atomic
def _change(product: Product, field: str, value: Any, *, by: User) -> bool:
    product = Product.objects.select_for_update().get(pk=product.pk)
    if getattr(product, field) == value:
        return False
    setattr(product, field, value)
    product.save(update_fields=[field])
    message = [{"changed": {"fields": [field]}}]
    LogEntry.objects.log_actions(by.pk, [product], CHANGE, message, single_object=True)
    return True
