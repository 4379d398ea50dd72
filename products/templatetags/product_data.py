"""`{% product_data product company %}`: the catalogue, for machines and for chats."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contacts.models import Company
from core import structured_data
from core.absolute_urls import absolute
from products.models import Category, Product
from products.structured_data import product_thing, way_to

register = template.Library()


@register.simple_tag
def product_data(product: Product, company: Company) -> SafeString:
    """The element that holds the product and the way to it."""
    thing = product_thing(product, company)
    return structured_data.script(thing, way_to(product.category, product))


@register.simple_tag
def category_data(category: Category | None = None) -> SafeString:
    """The element that holds the way to a category's list, or to that of all products."""
    return structured_data.script(way_to(category or None))


@register.simple_tag
def question_about(product: Product) -> str:
    """How a chat about `product` begins, in the page's language: its name and its address."""
    names = {"product": product.name, "address": absolute(product.get_absolute_url())}
    return _("I have a question about %(product)s: %(address)s") % names
