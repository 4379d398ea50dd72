"""Rows of another table, read within the query of the rows to which they belong."""

from typing import Any

import pytest
from django.db.models import OuterRef
from pytest_django import DjangoAssertNumQueries

from core.related_rows import RelatedRows
from news.models import Article, Tag
from products.models import Product, ProductImage
from tests.factories import make_article, make_product, picture_file

pytestmark = pytest.mark.django_db


def test_rows_are_the_same_as_those_that_are_read_by_themselves(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    product = make_product()
    for order in (2, 1):
        product.images.create(image=picture_file(), alt=f"“{order}” 破碎机", order=order)
    make_product().images.create(image=picture_file())
    expected = list(product.images.values())
    images = ProductImage.objects.filter(product=OuterRef("pk"))
    with django_assert_num_queries(1):
        found: Any = Product.objects.annotate(pictures=RelatedRows(images)).get(pk=product.pk)
        pictures = found.pictures
    assert [picture.order for picture in pictures] == [1, 2]
    names = expected[0].keys()
    assert [{name: getattr(each, name) for name in names} for each in pictures] == expected
    assert pictures[0].image.url == product.images.all()[0].image.url
    pictures[0].alt = "changed"
    pictures[0].save()
    assert product.images.all()[0].alt == "changed"


def test_rows_can_be_limited() -> None:
    product = make_product()
    for order in (2, 1):
        product.images.create(image=picture_file(), order=order)
    first = ProductImage.objects.filter(product=OuterRef("pk"))[:1]
    found: Any = Product.objects.annotate(pictures=RelatedRows(first)).get()
    assert [each.order for each in found.pictures] == [1]


def test_the_other_side_of_a_many_to_many_relation_can_be_read() -> None:
    article = make_article()
    for name in ("Quarry", "Crusher"):
        article.tags.add(Tag.objects.create(name=name))
    make_article()
    tags = Tag.objects.filter(articles=OuterRef("pk"))
    found = {each.pk: each for each in Article.objects.annotate(shown=RelatedRows(tags))}
    assert [tag.name for tag in found.pop(article.pk).shown] == ["Crusher", "Quarry"]
    assert [each.shown for each in found.values()] == [[]]
