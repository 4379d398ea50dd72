from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    """The catalogue: what the company sells."""

    name = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        from core import links
        from core.menus.targets import RowTarget, register
        from core.search.index import register_rebuild
        from core.trigram_tables import add_trigram_table
        from products import page_cache, search  # noqa: F401 - it registers the kinds
        from products.models import Category, Product
        from products.services.search_data import rebuild_search_data

        page_cache.watch_models()
        links.register("products:product", Product.objects.published)
        links.register("products:category", Category.objects.all)
        register(RowTarget("product-category", _("Product categories"), Category.objects.all))
        register_rebuild(Product, rebuild_search_data)
        add_trigram_table(Product, ["search_text", "slug"])
