"""`{% product_data product company %}`: JSON-LD for search engines, and a draft chat message."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contacts.models import Company
from core import structured_data
from core.absolute_urls import absolute_url
from products.models import Category, Product
from products.structured_data import build_breadcrumb, build_product

register = template.Library()


@register.simple_tag
def product_data(product: Product, company: Company) -> SafeString:
    """The `<script>` element with the product and its breadcrumb."""
    return structured_data.json_ld(
        build_product(product, company), build_breadcrumb(product.category, product)
    )


@register.simple_tag
def category_data(category: Category | None = None) -> SafeString:
    """The `<script>` element with the breadcrumb of a category, or of all products."""
    return structured_data.json_ld(build_breadcrumb(category or None))


@register.simple_tag
def question_about(product: Product) -> str:
    """The draft of a chat message about `product` in the page's language, with name and URL."""
    names = {"product": product.name, "url": absolute_url(product.get_absolute_url())}
    return _("I have a question about %(product)s: %(url)s") % names
