"""Publishing and featuring products.

Each function returns whether it changed the product. A change is written to the staff log, unless
`by` is None because the caller logs it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from products.models import Product


def publish_product(product: Product, *, by: User | None) -> bool:
    """Show a product to visitors, who can then send inquiries about it."""
    return _change(product, "status", Product.Status.PUBLISHED, by=by)


def withdraw_product(product: Product, *, by: User | None) -> bool:
    """Turn a published product into a draft again."""
    return _change(product, "status", Product.Status.DRAFT, by=by)


def feature_product(product: Product, *, by: User | None) -> bool:
    """Show a product on the home page."""
    return _change(product, "featured", True, by=by)


def unfeature_product(product: Product, *, by: User | None) -> bool:
    """Remove a product from the home page."""
    return _change(product, "featured", False, by=by)


@transaction.atomic
def save_edited_product(product: Product, save: Callable[[], object]) -> None:
    """Save a product edited in a form or a sheet, and publish or withdraw it by its new status.

    `save` saves the other fields; the status is changed by the services above.
    """
    status = product.status
    stored = Product.objects.filter(pk=product.pk).values_list("status", flat=True).first()
    product.status = stored or Product.Status.DRAFT
    save()
    change = publish_product if status == Product.Status.PUBLISHED else withdraw_product
    change(product, by=None)
    product.status = status


@transaction.atomic
def _change(product: Product, field: str, value: Any, *, by: User | None) -> bool:
    product = Product.objects.select_for_update().get(pk=product.pk)
    if getattr(product, field) == value:
        return False
    setattr(product, field, value)
    product.save(update_fields=[field])
    if by:
        message = [{"changed": {"fields": [field]}}]
        log_action(StaffAction.Kind.CHANGED, product, by=by, message=message)
    return True
