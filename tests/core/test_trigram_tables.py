"""The admin finds parts of words; on SQLite with tables of trigrams, which follow every change."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Q

from core.trigram_tables import MAX_CANDIDATES, add_trigram_table, narrow
from demo.bulk.maker import make_data
from inquiries.models import InquirySearchText
from news.models import Article
from products.models import Product
from tests.factories import make_article, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

ARTICLES, PRODUCTS = "/admin/news/article/", "/admin/products/product/"
INQUIRIES = "/admin/inquiries/inquiry/"
TABLES = ["news_article", "products_product", "inquiries_inquirysearchtext"]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has indexes")


@pytest.fixture
def admin(as_user):
    return as_user(make_user(is_superuser=True))


@pytest.fixture(params=[0, MAX_CANDIDATES], ids=["common", "rare"])
def _candidates(request, monkeypatch):
    """Whether too many rows for a table of trigrams have the searched words."""
    monkeypatch.setattr("core.trigram_tables.MAX_CANDIDATES", request.param)


def listed(admin, url: str, searched: str) -> list[str]:
    page = admin.get(url, {"q": searched})
    assert page.status_code == 200
    return sorted(map(str, page.context["cl"].result_list))


def with_title(part: str) -> list[str]:
    """The titles that the table finds."""
    check_tables()
    found = narrow(Article.objects.all(), Article, Q(title__icontains=part))
    return sorted(found.values_list("title_en", flat=True))


def check_tables() -> None:
    """Compare each table with its source; raises DatabaseError for a difference."""
    with connection.cursor() as cursor:
        for name in (f"{table}_trigrams" for table in TABLES):
            check = f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            cursor.execute(check)


@pytest.mark.usefixtures("_candidates")
@pytest.mark.parametrize(
    ("searched", "is_found"),
    [
        ("rushe", True),
        ("RUSHE", True),
        ("jaw rushe", True),
        ('"w crush"', True),
        ("50%", True),
        ("e_x", True),
        ("o'brie", True),
        ("破碎机", True),
        ("破碎", True),  # too short for trigrams
        ("rushe mill", False),
        ("usherj", False),  # all its trigrams are there
        ('"crush jaw"', False),
        ("5_%", False),
        ("碎破机", False),
    ],
)
def test_parts_of_words_are_found_in_every_list(admin, searched, is_found):
    text = "Jaw crusher ushers herj by O'Brien, 50% off: e_xtra 颚式破碎机"
    article, inquiry = make_article(title=text, slug="one"), make_inquiry(message=text)
    product = make_product(name=text, sku="A-1", slug="one")
    make_article(title="A mill, 500", slug="two"), make_inquiry(message="A mill, 500")
    make_product(name="A mill, 500", sku="B-1", slug="two")
    for url, row in ((ARTICLES, article), (PRODUCTS, product), (INQUIRIES, inquiry)):
        assert listed(admin, url, searched) == ([str(row)] if is_found else [])


@pytest.mark.parametrize("url", [ARTICLES, PRODUCTS, INQUIRIES])
@pytest.mark.parametrize("searched", ['"', '""" *', "a" * 300, "x AND (y", "{z} : n*", "NOT\0n"])
def test_no_search_is_an_error(admin, url, searched):
    make_article(), make_product(), make_inquiry()
    assert admin.get(url, {"q": searched}).status_code in {200, 302}


def test_a_product_is_found_by_a_part_of_its_slug(admin):
    make_product(name="Mill", sku="A-1", slug="grinding-plant")
    make_product(name="Other", sku="B-1")
    assert listed(admin, PRODUCTS, "ding-pla") == ["Mill"]


@on_sqlite
def test_the_table_follows_every_kind_of_change():
    article = make_article(title="Crusher", slug="one")
    Article.objects.bulk_create([Article(title_en="Other", slug="other")])
    assert (with_title("rush"), with_title("the")) == (["Crusher"], ["Other"])
    Article.objects.filter(pk=article.pk).update(title_en="Mill")
    assert (with_title("rush"), with_title("ill")) == ([], ["Mill"])
    Article.objects.filter(pk=article.pk).update(views=5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE news_article SET title_en = 'Screen' WHERE title_en = 'Mill'")
    assert with_title("cree") == ["Screen"]
    article.delete()
    assert with_title("cree") == []
    InquirySearchText.objects.refresh(make_inquiry(message="A crusher"))  # an upsert
    InquirySearchText.objects.rebuild()
    check_tables()


@on_sqlite
def test_the_table_has_what_is_written_in_bulk():
    make_data(articles=5, products=5, inquiries=5, seed=1, report=lambda *step: None)
    check_tables()
    title = Article.objects.order_by("pk").values_list("title_en", flat=True)[0]
    assert title in with_title(title[2:9])


@on_sqlite
def test_migrate_restores_triggers_that_were_lost():
    """Django alters columns on SQLite by copying the table, without its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER news_article_trigrams_insert")
    make_article(title="Crusher")
    with pytest.raises(DatabaseError):
        check_tables()
    call_command("migrate", verbosity=0)
    make_article(title="Crushers")
    assert with_title("rush") == ["Crusher", "Crushers"]


@on_sqlite
def test_migrate_replaces_a_table_of_other_columns(monkeypatch):
    make_product(name="Crusher", sku="A-1", hs_code="847420")
    monkeypatch.setattr("core.trigram_tables._tables", {})
    add_trigram_table(Product, ["search_text", "slug", "hs_code"])
    call_command("migrate", verbosity=0)
    for part, count in (("rush", 1), ("7420", 1), ("7421", 0)):
        assert narrow(Product.objects.all(), Product, Q(hs_code__contains=part)).count() == count
    add_trigram_table(Product, ["no_such_column"])
    call_command("migrate", verbosity=0)  # as of a migration before it is added


@on_sqlite
@pytest.mark.parametrize("has_table", [True, False])
def test_a_search_also_works_without_the_table(admin, has_table):
    make_article(title="Crusher")
    if not has_table:  # as with a version of SQLite that has no trigrams
        with connection.cursor() as cursor:
            for name in ("", "_insert", "_update", "_delete"):
                kind = "TRIGGER" if name else "TABLE"
                cursor.execute(f"DROP {kind} news_article_trigrams{name}")
    assert listed(admin, ARTICLES, "rush") == ["Crusher"]
    assert listed(admin, ARTICLES, "rusht") == []


@on_sqlite
@pytest.mark.parametrize(
    ("url", "key"),
    [
        (ARTICLES, "SEARCH news_article USING INTEGER PRIMARY KEY"),
        (PRODUCTS, "SEARCH products_product USING INTEGER PRIMARY KEY"),
        (INQUIRIES, "SEARCH inquiries_inquiry USING INTEGER PRIMARY KEY"),
    ],
)
def test_rows_with_a_rare_word_are_looked_up_by_their_keys(admin, url, key):
    make_article(title="Crusher"), make_product(name="Crusher"), make_inquiry(message="Crusher")
    plan = admin.get(url, {"q": "rush"}).context["cl"].queryset.values("pk").explain()
    scans = [line for line in plan.splitlines() if "SCAN" in line]
    assert key in plan
    assert scans
    assert all("_trigrams VIRTUAL TABLE INDEX 0:M" in line for line in scans), "no other table"


@on_sqlite
def test_rows_with_a_common_word_are_read_in_the_order_of_the_list(admin, monkeypatch):
    monkeypatch.setattr("core.trigram_tables.MAX_CANDIDATES", 1)
    make_article(title="Crusher"), make_article(title="Crushers")
    plan = admin.get(ARTICLES, {"q": "rush"}).context["cl"].queryset.values("pk").explain()
    assert "article_newest" in plan
    assert "TEMP B-TREE" not in plan
