"""The admin of the catalogue."""

from products.admin import dashboard  # noqa: F401, registers itself
from products.admin.category import CategoryAdmin
from products.admin.product import ProductAdmin

__all__ = ["CategoryAdmin", "ProductAdmin"]
