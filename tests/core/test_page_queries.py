"""The number of queries for a public page that no cache has, if the process knows the company."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Absence, Company
from core.richtext.services import add_picture
from inquiries.models import InquirySettings
from news.models import Article, DailyViews, Tag
from news.models import Category as NewsCategory
from products.models import Category, Product
from tests.factories import (
    make_article,
    make_company,
    make_contact,
    make_page,
    make_product,
    picture_file,
)

# The content is committed, as on a real site.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# One of them reads the version of what every page shows.
MAX_QUERIES = {
    "/": 5,
    "/news/": 5,
    "/news/category/works/": 5,
    "/news/first/": 5,
    "/products/": 6,
    "/products/category/crushers/": 6,
    "/products/jaw/": 3,
    "/inquiry/": 2,
    "/inquiry/?product=jaw": 5,
    "/contacts/": 1,
    "/site-index/": 5,
}


def add_content(category: NewsCategory, products: Category, count: int) -> None:
    """Add `count` of everything that the pages show, all of it to the first product and article."""
    tags = [Tag.objects.create(name=f"Tag {Tag.objects.count()}") for _ in range(count)]
    for _ in range(count):
        article = make_article(category=category, cover=picture_file())
        article.tags.set(tags)
        DailyViews.objects.create(article=article, day=Company.current().today, views=5)
        product = make_product(category=products, featured=True)
        for each in (product, Product.objects.get(slug="jaw")):
            each.images.create(image=picture_file())
            each.specifications.create(name=f"Name {count}", value=f"{each.images.count()} t")
            each.variants.create(name=f"Variant {each.images.count()}")
            each.downloads.create(title="Certificate", file="certificate.pdf")
        make_contact(languages=["en"], city="Zhengzhou")
        NewsCategory.objects.create(name=f"Part {count}", parent=category)
        Category.objects.create(name=f"Part {count}", parent=products)
    Article.objects.get(slug="first").tags.add(*tags)


def count_queries(visitor: Client) -> Iterator[tuple[str, int]]:
    for path in MAX_QUERIES:
        visitor.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(path).status_code == 200, path
        yield path, len(queries)


def test_a_page_compiles_no_query_that_was_compiled_for_another(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compile_query = SQLCompiler.as_sql

    def count(compiler: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        compiled.append(str(compiler.query.model))
        return compile_query(compiler, *args, **kwargs)

    categories = NewsCategory.objects.create(name="Works"), Category.objects.create(name="Crushers")
    monkeypatch.setattr(SQLCompiler, "as_sql", count)
    for number in range(2):
        make_article(slug=f"a{number}", category=categories[0])
        make_product(slug=f"p{number}", category=categories[1])
        compiled.clear()
        for path in (
            "/",
            "/news/",
            "/news/category/works/",
            f"/news/a{number}/",
            "/products/",
            "/products/category/crushers/",
            f"/products/p{number}/",
        ):
            assert visitor.get(path).status_code == 200, path
    assert compiled == []


def test_a_page_takes_few_queries_however_much_it_shows(visitor: Client) -> None:
    InquirySettings.get_solo()  # makes the row
    company = make_company(hotline="+86 371 1234567")
    contact = make_contact()
    today = company.today
    Absence.objects.create(
        contact=contact, first_day=today, last_day=today, substitute=make_contact(is_active=False)
    )
    category = NewsCategory.objects.create(name="Works", slug="works")
    products = Category.objects.create(name="Crushers", slug="crushers")
    make_article(slug="first", category=category, featured=True)
    make_product(slug="jaw", category=products, featured=True)
    add_content(category, products, 4)
    few = dict(count_queries(visitor))
    add_content(category, products, 8)
    many = dict(count_queries(visitor))
    assert few == many
    assert {path: number for path, number in many.items() if number > MAX_QUERIES[path]} == {}


def test_a_home_page_of_blocks_takes_few_queries_however_much_it_shows(visitor: Client) -> None:
    make_company()
    make_contact()
    category = NewsCategory.objects.create(name="Works", slug="works")
    products = Category.objects.create(name="Crushers", slug="crushers")
    make_article(slug="first", category=category, featured=True)
    make_product(slug="jaw", category=products, featured=True)
    picture = add_picture(picture_file(), by=None)
    kinds = ("hero", "categories", "products", "latest_news", "team")
    blocks = [{"kind": kind, "id": kind.replace("_", ""), "values": {}} for kind in kinds]
    blocks[0]["values"] = {"picture": picture.pk}
    make_page("home", is_home=True, blocks=blocks)
    for count in (4, 8):
        add_content(category, products, count)
        visitor.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get("/").status_code == 200
        assert len(queries) <= 6
