"""The catalogue in the words of schema.org."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from contacts.models import Company
from core.absolute_urls import absolute
from core.structured_data import breadcrumb
from products.models import Category, Product


def product_thing(product: Product, company: Company) -> dict[str, Any]:
    """`product` as a `Product`: https://schema.org/Product.

    A price is agreed on, so the offer names none; it says who sells and how much at least.
    """
    address = absolute(product.get_absolute_url())
    seller = {"@type": "Organization", "name": company.name, "url": f"{settings.SITE_URL}/"}
    properties = [(line.name, line.value) for line in product.specifications.all()]
    terms = [(gettext("HS code"), product.hs_code), (gettext("Lead time"), product.lead_time)]
    return {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": product.name,
        "description": product.summary,
        "url": address,
        "sku": product.sku,
        "mpn": product.sku,
        "image": [absolute(image.image.url) for image in product.images.all()],
        "category": " > ".join(category.name for category in line_of(product.category)),
        "manufacturer": seller if company.name else None,
        "additionalProperty": [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in properties + [term for term in terms if term[1]]
        ],
        "model": [
            {"@type": "ProductModel", "name": variant.name}
            | ({"sku": variant.sku} if variant.sku else {})
            for variant in product.variants.all()
        ],
        "offers": {
            "@type": "Offer",
            "url": address,
            "eligibleQuantity": {
                "@type": "QuantitativeValue",
                "minValue": product.min_order,
                "unitText": product.unit,
            },
        }
        | ({"seller": seller} if company.name else {}),
    }


def line_of(category: Category | None) -> list[Category]:
    """`category` and those it is part of, from the top down."""
    return category.with_ancestors() if category else []


def way_to(category: Category | None, product: Product | None = None) -> dict[str, Any]:
    """The breadcrumb of the page of a product, or of a category, or of all products."""
    inside = line_of(category)
    places: list[Category | Product] = [*inside, product] if product else [*inside]
    return breadcrumb(
        [
            (gettext("Home"), reverse("home")),
            (gettext("Products"), reverse("products:list")),
            *((place.name, place.get_absolute_url()) for place in places),
        ]
    )
