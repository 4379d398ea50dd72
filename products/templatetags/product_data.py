"""JSON-LD for search engines, a draft chat message, and numbers of the product's page."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
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


@register.filter
def decimal(number: Decimal) -> str:
    """A number as the language writes it, without zeros at its end."""
    text = f"{number:f}"
    plain = Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
    return number_format(plain, use_l10n=True, force_grouping=True)


@register.simple_tag
def price_guidance(product: Product) -> str:
    """The price of a unit, with its currency; empty if it is on request."""
    if product.price_from is None:
        return ""
    prices = [decimal(product.price_from)]
    if product.price_to is None:
        price = f"{product.price_currency} {prices[0]}".strip()
        return _("from %(price)s") % {"price": price}
    if product.price_to != product.price_from:
        prices.append(decimal(product.price_to))
    return f"{product.price_currency} {'–'.join(prices)}".strip()
