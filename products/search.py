"""Adds products, their categories and their PDF files to the search."""

from collections.abc import Iterable
from typing import Any

from core.search.documents import translated_text
from core.search.index import register
from core.search.kinds import Kind
from products.models import Category, Download, Product


def product_numbers(product: Product) -> Iterable[str]:
    """The model numbers of the product and of its variants, its own first."""
    numbers = [product.sku, *(variant.sku for variant in product.variants.all())]
    return filter(None, numbers)


def product_keywords(product: Product, language: str) -> Iterable[str]:
    """Model numbers, the customs tariff code, and the names of the variants."""
    yield from product_numbers(product)
    yield product.hs_code
    for variant in product.variants.all():
        yield translated_text(variant, "name", language)


def product_details(product: Product, language: str) -> Iterable[str]:
    """The technical data of the product and of its variants."""
    for row in product.specifications.all():
        yield f"{translated_text(row, 'name', language)}: {translated_text(row, 'value', language)}"
    for variant in product.variants.all():
        yield translated_text(variant, "specification", language)


def published_downloads() -> Any:
    """The PDF files of published products."""
    return Download.objects.filter(product__status=Product.Status.PUBLISHED)


def download_keywords(download: Download, language: str) -> Iterable[str]:
    """The product's name and model number."""
    yield translated_text(download.product, "name", language)
    yield download.product.sku


register(
    Kind(
        number=2,
        model=Product,
        published=Product.objects.published,
        title="name",
        summary="summary",
        html="description",
        get_keywords=product_keywords,
        get_details=product_details,
        get_numbers=product_numbers,
        keyword_relations=("specifications", "variants"),
        detail_relations=("specifications", "variants"),
        order=1,
        template="products/_search_result.html",
        select_related=("category",),
    )
)
register(
    Kind(
        number=4,
        model=Category,
        published=Category.objects.all,
        title="name",
        summary="description",
        order=5,
        template="products/_search_result_category.html",
    )
)
register(
    Kind(
        number=3,
        model=Download,
        published=published_downloads,
        title="title",
        get_keywords=download_keywords,
        keyword_relations=("product",),
        order=20,
        template="products/_search_result_download.html",
        select_related=("product",),
    )
)
