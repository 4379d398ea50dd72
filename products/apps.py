from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """The catalogue: what the company sells."""

    name = "products"
    verbose_name = _("Products")
