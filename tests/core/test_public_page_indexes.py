"""The public pages find their rows with an index, in order and without counting."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from core.pagination import KeysetPaginator
from news.archive import Month
from news.models import Article, Category, Tag
from news.queries import _featured, _most_read
from products.models import Category as ProductCategory
from products.models import Product, Specification
from products.ranges import NumberKey, NumberRange
from products.sorting import NEWEST, Sorting
from products.units import UNITS
from tests.factories import make_product

pytestmark = pytest.mark.django_db

ROWS = 400


@pytest.fixture(autouse=True)
def _rows():
    category = Category.objects.create(name="Works")
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            title=f"{n}",
            slug=f"n{n}",
            status="draft" if n % 10 else "published",
            category=None if n % 50 else category,
            publish_time=now - timedelta(hours=n),
            featured=n % 100 == 0,
        )
        for n in range(ROWS)
    )
    product = make_product()
    other = ProductCategory.objects.create(name="Other")
    products = Product.objects.bulk_create(
        Product(
            name=f"{n}",
            slug=f"p{n}",
            category=product.category if n % 50 else other,
            status="draft" if n % 10 else "published",
        )
        for n in range(ROWS)
    )
    Specification.objects.bulk_create(
        Specification(product=product, name_key="power", value_key=f"{n} kw")
        for n, product in enumerate(products)
    )


def plan_of(rows: QuerySet[Any]) -> str:
    """How the database finds the rows, if it neither sorts nor reads the whole table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE news_article, products_product, products_specification")
            for step in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{step} = off")
    return rows.explain()


def following() -> QuerySet[Any]:
    """The rows of a page by key."""
    articles = Article.objects.published()
    return KeysetPaginator(articles, 12)._beyond([timezone.now() - timedelta(hours=99), 1])


QUERIES: list[tuple[Callable[[], QuerySet[Any]], str]] = [
    (lambda: Article.objects.published()[:12], "article_published"),
    (lambda: Article.objects.published().reverse()[:12], "article_published"),
    (lambda: following()[:13], "article_published"),
    (
        lambda: Article.objects.published().published_in(Month.of(timezone.now()))[:12],
        "article_published",
    ),
    (
        lambda: Article.objects.published().filter(category__in=[Category.objects.get().pk])[:12],
        "article_by_category",
    ),
    (lambda: _featured(now=timezone.now()).queryset[:1], "article_featured"),
    (lambda: Article.objects.order_by("-updated_at").values("pk")[:9], "article_changed"),
    (lambda: Product.objects.published()[:24], "product_published"),
    (lambda: Sorting(NEWEST).apply(Product.objects.published())[:24], "product_newest"),
    (lambda: Product.objects.for_home().values("pk"), "product_featured"),
    (
        lambda: Product.objects.published().filter(category=ProductCategory.objects.all()[1])[:24],
        "product_by_category",
    ),
    (
        lambda: Specification.objects.order_by().filter(name_key="power", value_key="75 kw"),
        "specification_filter",
    ),
]


# SQLite, which knows nothing of how many rows match, uses the indexes of what is published.
QUERIES_ON_POSTGRESQL: list[tuple[Callable[[], QuerySet[Any]], str]] = [
    (
        lambda: Article.objects.published().filter(pk__gte=1, pk__lt=1001).order_by("pk"),
        "news_article_pkey",
    ),
]
if connection.vendor == "postgresql":
    QUERIES += QUERIES_ON_POSTGRESQL


@pytest.mark.parametrize(("rows", "index"), QUERIES)
def test_the_rows_of_a_page_are_found_with_an_index(rows, index):
    plan = plan_of(rows())
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows that there are few")
def test_the_most_read_articles_are_found_by_their_keys():
    plan = plan_of(_most_read(now=timezone.now()).queryset)
    assert plan.count("SEARCH") == plan.count("INTEGER PRIMARY KEY (rowid=?)") == 2


def test_a_page_by_key_begins_at_its_row_in_the_index():
    plan = plan_of(following()[:13])
    if connection.vendor == "postgresql":
        assert "ROW(publish_time, id) <" in plan.split("Index Cond:")[1].split("\n")[0]
    else:
        assert "(publish_time,id)<(?,?)" in plan.replace(" ", "") or "publish_time<?" in plan


def test_the_articles_of_a_common_tag_are_found_in_their_order(monkeypatch):
    monkeypatch.setattr("news.models.querysets.MAX_SORTED", 10)
    tag = Tag.objects.create(name="Common")
    tag.articles.through.objects.bulk_create(
        tag.articles.through(tag=tag, article=article) for article in Article.objects.all()
    )
    rows = Article.objects.published().with_tag(tag)
    assert rows.count() == ROWS / 10
    assert "article_published" in plan_of(rows[:12])


def test_the_articles_of_a_rare_tag_are_found_by_their_keys():
    tag = Tag.objects.create(name="Rare")
    for article in Article.objects.order_by("pk")[:30]:
        article.tags.add(tag)
    rows = Article.objects.published().with_tag(tag).for_list()
    assert [row.title for row in rows] == ["0", "10", "20"]
    if connection.vendor == "sqlite":  # PostgreSQL knows that there are few
        plan = rows.all()[:12].explain()
        assert plan.count("news_article USING INTEGER PRIMARY KEY (rowid=?)") == 1
        assert "article_published" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
def test_old_articles_are_found_in_as_few_steps_as_new_ones():
    now = timezone.now()

    def steps(hours: int) -> int:
        at = now - timedelta(hours=hours)
        before = Article.objects.published().filter(publish_time__lt=at)
        return count_steps(lambda: list(before.values_list("pk")[:1]))

    assert steps(ROWS - 20) < steps(20) * 1.5


def count_steps(read: Callable[[], Any]) -> int:
    """How many instructions SQLite runs."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    connection.connection.set_progress_handler(count, 1)
    try:
        read()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps


@pytest.mark.parametrize(("least", "most"), [(75, None), (None, 90), (20, 90)])
def test_products_with_a_number_are_found_with_the_index_of_numbers(least, most):
    Specification.objects.bulk_create(
        Specification(
            product=product,
            name_key=name,
            value_key=f"{n} {name}",
            minimum=n,
            maximum=n,
            unit="hp" if n % 3 else "kW",
        )
        for n, product in enumerate(Product.objects.all())
        for name in ("power", "capacity", "weight", "length", "width", "height")
    )
    ends = (None if end is None else Decimal(end) for end in (least, most))
    one = NumberRange(NumberKey("power", "kW"), UNITS["kW"], *ends)
    products = Product.objects.published().with_numbers([one])[:24]
    assert len(products) > 0
    numbers = Specification.objects.order_by().with_number("power", "kW")
    rows = numbers.reaching(one.at_least, one.at_most).values("product")
    assert "specification_number" in plan_of(rows)
    if connection.vendor == "sqlite":  # PostgreSQL may also look up all rows of a product
        assert "name_key=? AND unit=? AND product_id=?" in plan_of(products)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such statistics")
def test_the_number_of_products_with_a_specification_is_estimated_from_name_and_value():
    products = list(Product.objects.all())
    Specification.objects.bulk_create(
        Specification(product=product, name_key=name, value_key=f"{n % 20} {name}")
        for n, product in enumerate(products)
        for name in ("kw", "mm", "v", "t", "m")
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE products_specification")
    rows = Specification.objects.order_by().filter(name_key="kw", value_key="7 kw")
    [estimate] = re.findall(r"rows=(\d+)", rows.explain())[:1]
    assert rows.count() / 2 < int(estimate) < rows.count() * 2, "not a fifth of it"
