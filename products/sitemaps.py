from django.db.models import QuerySet

from core.sitemaps import TranslatedSitemap
from products.models import Category, Product


class ProductSitemap(TranslatedSitemap):
    def items(self) -> QuerySet[Product]:
        return Product.objects.published().only("slug")


class CategorySitemap(TranslatedSitemap):
    def items(self) -> QuerySet[Category]:
        return Category.objects.only("slug")
