"""The catalogue as schema.org data."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from contacts.models import Company
from core.absolute_urls import absolute_url
from core.page_urls import page_url
from core.structured_data import breadcrumb_list
from products.models import Category, Product


def build_product(product: Product, company: Company) -> dict[str, Any]:
    """A product as a `Product`: https://schema.org/Product.

    Prices are negotiated, so the offer has the seller, the minimum order and perhaps a range.
    """
    url = absolute_url(product.get_absolute_url())
    seller = {"@type": "Organization", "name": company.name, "url": f"{settings.SITE_URL}/"}
    properties = [(one.name, one.value) for one in product.shown_specifications]
    terms = [(gettext("HS code"), product.hs_code), (gettext("Lead time"), product.lead_time)]
    return {
        "@type": "Product",
        "@id": f"{url}#product",
        "name": product.name,
        "description": product.summary,
        "url": url,
        "sku": product.sku,
        "mpn": product.sku,
        "image": [absolute_url(image.image.url) for image in product.shown_images],
        "category": " > ".join(category.name for category in product.category.with_ancestors()),
        "manufacturer": seller if company.name else None,
        "additionalProperty": [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in properties + [term for term in terms if term[1]]
        ],
        "model": [
            {"@type": "ProductModel", "name": variant.name}
            | ({"sku": variant.sku} if variant.sku else {})
            for variant in product.shown_variants
        ],
        "offers": {
            "@type": "Offer",
            "url": url,
            "eligibleQuantity": {
                "@type": "QuantitativeValue",
                "minValue": product.min_order,
                "unitText": product.unit,
            },
        }
        | ({"seller": seller} if company.name else {})
        | _price(product),
    }


def _price(product: Product) -> dict[str, Any]:
    if product.price_from is None or not product.price_currency:
        return {}
    prices = {"minPrice": str(product.price_from)}
    if product.price_to is not None:
        prices["maxPrice"] = str(product.price_to)
    currency = {"priceCurrency": product.price_currency}
    return {"priceSpecification": {"@type": "UnitPriceSpecification", **prices, **currency}}


def build_breadcrumb(category: Category | None, product: Product | None = None) -> dict[str, Any]:
    """The breadcrumb of a product, of a category, or of the list of all products."""
    categories: list[Category | Product] = category.with_ancestors() if category else []
    pages = [*categories, product] if product else categories
    return breadcrumb_list(
        [
            (gettext("Home"), page_url("home")),
            (gettext("Products"), page_url("products:list")),
            *((page.name, page.get_absolute_url()) for page in pages),
        ]
    )
