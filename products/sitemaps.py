"""The catalogue in the sitemap."""

from core.sitemaps import RowsInParts
from products.models import Category, Product

sections = {
    "products": RowsInParts(Product.objects.published, "products:product"),
    "product-categories": RowsInParts(Category.objects.all, "products:category"),
}
