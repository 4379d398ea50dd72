"""`make_data` fills a database with any number of rows that are as if they had been saved."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone, translation

from contacts.models import Contact
from core.search.index import rebuild_index
from core.search.kinds import kind_of
from core.search.models import SearchEntry
from demo.bulk import maker
from demo.bulk.articles import RARE_TAG, RARE_WORD
from demo.bulk.maker import make_data
from demo.bulk.tables import create_index
from inquiries.models import Inquiry, InquiryEvent, InquirySearchText
from news.models import Article, DailyViews, Tag
from products.models import Product
from products.services.search_data import rebuild_search_data
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def make(articles: int = 0, products: int = 0, inquiries: int = 0, seed: int = 7) -> list[Any]:
    steps: list[Any] = []
    make_data(
        articles=articles,
        products=products,
        inquiries=inquiries,
        seed=seed,
        report=lambda *step: steps.append(step),
    )
    return steps


def content() -> list[Any]:
    return [
        *Article.objects.order_by("pk").values(
            "title_en", "body_zh_hans", "publish_time", "status"
        ),
        *Product.objects.order_by("pk").values("name_en", "sku", "search_text"),
        *Inquiry.objects.order_by("pk").values("reference", "email", "message", "created_at"),
        *InquiryEvent.objects.order_by("inquiry", "at", "kind").values("kind", "at", "text"),
    ]


def test_the_same_seed_makes_the_same_content(monkeypatch):
    monkeypatch.setattr(maker, "CHUNK_SIZE", 15)
    found = []
    for seed in (7, 7, 8):
        steps = make(articles=20, products=20, inquiries=20, seed=seed)
        assert steps[:2] == [("products", 15, 20), ("products", 20, 20)]
        found.append([{**row, "slug": ""} for row in content()])
        Inquiry.objects.all().delete()
        Article.objects.all().delete()
        Product.objects.all().delete()
    assert len(found[0]) > 120
    texts = [[row for row in rows if "title_en" in row] for rows in found]
    assert texts[0] == texts[1] != texts[2]


def test_articles_have_every_state_language_and_length():
    make(articles=600)

    for state in Article.State:
        assert Article.objects.in_state(state).exists(), state
    assert Article.objects.published().count() > 400
    assert Article.objects.exclude(body_zh_hans=None).count() > 200
    assert Article.objects.exclude(body_ar=None).count() > 60
    lengths = sorted(len(text) for text in Article.objects.values_list("body_en", flat=True))
    assert lengths[0] > 100
    assert 700 < lengths[300] < 2_000
    assert lengths[-1] > 3_000
    assert DailyViews.objects.exists()
    article = Article.objects.exclude(body_zh_hans=None).exclude(body_ar=None)[0]
    article.full_clean()
    stored = article.excerpt_en, article.excerpt_zh_hans, article.excerpt_ar
    article.fill_excerpts()
    assert (article.excerpt_en, article.excerpt_zh_hans, article.excerpt_ar) == stored


def test_a_small_database_has_as_many_rows_of_each_kind_as_fill_a_page():
    make(articles=1000, inquiries=1000)

    published, inquiries = Article.objects.published(), Inquiry.objects
    for rows in (
        Article.objects.in_state("draft"),
        Article.objects.expired(),
        published.with_tag(Tag.objects.get(name_en=RARE_TAG)),
        published.filter(title_en__contains=RARE_WORD),
        published.filter(publish_time__gte=timezone.now() - timedelta(days=3)),
        inquiries.filter(status="new"),
        inquiries.overdue(),
        inquiries.filter(assigned_to=Contact.objects.order_by("pk")[0]).list_held_as_spam(),
    ):
        assert 50 <= rows.count() <= 220


def test_the_search_finds_articles_as_if_they_had_been_saved():
    make(articles=60)
    made = list(SearchEntry.objects.order_by("pk").values())

    rebuild_index(kind_of(Article))

    assert list(SearchEntry.objects.order_by("pk").values()) == made
    assert len(made) > 70


def test_the_page_of_an_article_shows_it(visitor):
    make(articles=30)
    article = Article.objects.published()[0]
    assert article.title in visitor.get(article.get_absolute_url()).content.decode()
    found = visitor.get("/search/", {"q": article.title}).content.decode()
    assert article.get_absolute_url() in found


def test_products_have_the_texts_that_searches_use():
    make(products=30)
    columns = "search_text", "specifications__name_key", "specifications__value_key"
    made = list(Product.objects.order_by("pk", "specifications").values_list(*columns))

    with translation.override("en"):
        rebuild_search_data()

    assert list(Product.objects.order_by("pk", "specifications").values_list(*columns)) == made


def test_inquiries_are_made_with_lines_events_and_search_texts():
    make(products=20, inquiries=500)

    assert set(Inquiry.objects.values_list("status", flat=True)) == set(Inquiry.Status.values)
    assert all(
        ".example" in f".{mail.split('@')[1]}"
        for mail in Inquiry.objects.values_list("email", flat=True)
    )
    assert not Inquiry.objects.filter(lines=None).exists()
    assert not Inquiry.objects.filter(events=None).exists()
    made = list(InquirySearchText.objects.order_by("pk").values_list("text", flat=True))
    InquirySearchText.objects.rebuild()
    rebuilt = InquirySearchText.objects.order_by("pk").values_list("text", flat=True)
    assert [sorted(text.split("\n")) for text in rebuilt] == [
        sorted(text.split("\n")) for text in made
    ]
    for inquiry in Inquiry.objects.all()[:20]:
        inquiry.full_clean()


def test_new_rows_get_primary_keys_after_the_made_ones():
    make(articles=3)
    assert make_article(title="Later").pk == max(Article.objects.values_list("pk", flat=True))


def create_in_transaction(definition: str) -> None:
    connection.check_constraints()  # at the latest now, since the test is in one transaction
    create_index(definition)


def test_indexes_are_dropped_for_many_rows_and_created_again(monkeypatch):
    def names() -> set[str]:
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, Article._meta.db_table)
        return set(found)

    before = names()
    monkeypatch.setattr(maker, "MIN_ROWS_TO_DROP_INDEXES", 10)
    monkeypatch.setattr(maker, "create_index", create_in_transaction)
    steps = make(articles=10)
    assert names() == before
    if connection.vendor == "postgresql":
        assert [step for step in steps if step[0] == "indexes"]


def test_a_site_with_content_is_only_changed_on_request(capsys):
    make_article()
    with pytest.raises(CommandError, match="already has content"):
        call_command("make_data", articles=5)
    assert Article.objects.count() == 1
    call_command("make_data", articles=5, append=True)
    assert Article.objects.count() == 6
    assert "Made 5 articles" in capsys.readouterr().out


@pytest.mark.parametrize("numbers", [{}, {"articles": 0}, {"articles": -1, "products": 5}])
def test_it_needs_to_know_how_many(numbers):
    with pytest.raises(CommandError, match="Say how many"):
        call_command("make_data", **numbers)
