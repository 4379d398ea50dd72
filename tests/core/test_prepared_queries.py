"""Querysets that are compiled once and executed with other values."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from core.prepared_queries import MAX_STATEMENTS, PreparedQuery, PreparedRows, prepared
from news.models import Article, ArticleQuerySet, Category
from tests.factories import make_article

pytestmark = pytest.mark.django_db

built: list[str] = []  # the arguments of each call of a function below


@pytest.fixture(autouse=True)
def _nothing_built() -> None:
    built.clear()


def make_query() -> PreparedQuery[Article]:
    @prepared(
        now=models.DateTimeField(),
        featured=models.BooleanField(),
        categories=models.BigIntegerField(),
        category=models.BigIntegerField(),
    )
    def find(
        now: Any = None,
        featured: Any = None,
        categories: Any = None,
        category: Any = "any",
        order: str = "-pk",
    ) -> ArticleQuerySet:
        built.append(order)
        found = Article.objects.order_by(order).select_related("category").prefetch_related("tags")
        if now is not None:
            found = found.filter(
                Q(expire_time=None) | Q(expire_time__gt=now), publish_time__lte=now
            )
        if featured is not None:
            found = found.filter(featured=featured)
        if categories is not None:
            found = found.filter(category__pk__in=categories)
        return found.filter(category=category) if category != "any" else found

    return find


def ids(rows: Any) -> list[int]:
    return [row.pk for row in rows]


def test_values_are_put_in_without_compiling_again() -> None:
    find = make_query()
    now = timezone.now()
    old = make_article(publish_time=now - timedelta(days=2), expire_time=now - timedelta(days=1))
    new = make_article(publish_time=now, featured=True)
    assert ids(find(now=now)) == [new.pk]
    assert ids(find(now=now - timedelta(days=2))) == [old.pk]
    assert ids(find(now=now - timedelta(days=3))) == []
    assert len(built) == 1
    assert ids(find(featured=True)) == [new.pk]
    assert ids(find(featured=False)) == [old.pk]
    assert len(built) == 2


def test_lists_and_none_have_statements_of_their_own() -> None:
    find = make_query()
    first, second, third = (Category.objects.create(name=f"{number}") for number in range(3))
    inside = make_article(category=first)
    others = [make_article(category=third), make_article(category=None)]
    assert ids(find(categories=[first.pk], category=first.pk)) == [inside.pk]
    assert ids(find(categories=[second.pk], category=second.pk)) == []
    assert len(built) == 1
    assert ids(find(categories=[second.pk, third.pk], category=third.pk)) == [others[0].pk]
    assert ids(find(category=None)) == [others[1].pk]
    assert len(built) == 3
    everything = ids([*others[::-1], inside])
    for categories, expected in (([], []), (None, everything), ([first.pk], ids([inside]))):
        assert ids(find(categories=categories)) == expected


def test_other_arguments_belong_to_the_statement() -> None:
    find = make_query()
    articles = [make_article(), make_article()]
    assert ids(find(order="pk")) == ids(articles)
    assert ids(find(order="-pk")) == ids(articles[::-1])
    assert built == ["pk", "-pk"]


def test_rows_are_those_of_the_queryset(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    find = make_query()
    category = Category.objects.create(name="Works", slug="works")
    article = make_article(category=category)
    article.tags.create(name="Quarry")
    expected = Article.objects.select_related("category").get()
    for _time in range(2):
        with django_assert_num_queries(2):
            found = find(category=category.pk)
            assert found
            assert len(found) == 1
            assert found[0].category.slug == "works"
            assert [tag.name for tag in found[0].tags.all()] == ["Quarry"]
        for field in Article._meta.concrete_fields:
            value = getattr(found[0], field.attname)
            assert value == getattr(expected, field.attname), field.attname
        assert not found[0].get_deferred_fields()
        assert found[0]._state.adding is False
    found[0].title = "Changed"
    found[0].save()
    assert Article.objects.get().title == "Changed"


def test_values_and_annotations_are_read() -> None:
    @prepared(title=models.CharField())
    def find(title: Any) -> Any:
        articles = Article.objects.filter(title=title).annotate(at=models.Max("publish_time"))
        return articles.values_list("slug", "at", "featured")

    article = make_article(title="Crusher", featured=True)
    make_article(title="Mill")
    rows: list[Any] = list(find(title="Crusher"))
    assert rows == [("crusher", article.publish_time, True)]
    assert list(find(title="Screen")) == []


def test_each_language_has_its_own_statement() -> None:
    @prepared(title=models.CharField())
    def find(title: Any) -> ArticleQuerySet:
        return Article.objects.filter(title=title)

    article = make_article(title_en="Crusher", title_ar="كسارة")
    for code, title, other in (("en", "Crusher", "كسارة"), ("ar", "كسارة", "Crusher")):
        with translation.override(code):
            assert ids(find(title=title)) == [article.pk]
            assert ids(find(title=other)) == []


def test_parts_are_read_and_counted(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    find = make_query()
    articles = [make_article() for _ in range(5)][::-1]
    with django_assert_num_queries(2):  # with the prefetched tags
        assert ids(find(category=None)[1:3]) == ids(articles[1:3])
    assert find(category=None).first() == articles[0]
    assert make_query()(featured=True).first() is None
    with django_assert_num_queries(2):
        assert find(category=None).count_up_to(9) == 5
        assert find(category=None).count_up_to(3) == 3
    with django_assert_num_queries(2):
        everything = find(category=None)
        assert ids(everything) == ids(articles)
        assert ids(everything[3:]) == ids(articles[3:])
    assert ids(find(category=None).queryset.reverse()) == ids(articles[::-1])


def test_an_impossible_condition_finds_nothing() -> None:
    find = make_query()
    make_article()
    assert list(find(categories=[])) == []
    assert find(categories=[]).count_up_to(5) == 0


def test_values_cannot_change_the_statement() -> None:
    @prepared(slug=models.CharField())
    def find(slug: Any) -> ArticleQuerySet:
        return Article.objects.filter(slug=slug)

    make_article(slug="one")
    for slug in ("' OR 1=1 --", "%s", "one'"):
        assert not find(slug=slug)
    assert find(slug="one")


def test_the_number_of_statements_is_limited() -> None:
    find = make_query()
    for number in range(MAX_STATEMENTS + 5):
        list(find(categories=[1] * number))
    assert len(find._statements) <= MAX_STATEMENTS


def test_all_parts_have_one_statement() -> None:
    find = make_query()
    articles = [make_article() for _ in range(5)][::-1]
    for start in range(5):
        assert ids(find(category=None)[start : start + 2]) == ids(articles[start : start + 2])
        assert ids(find(category=None)[start:]) == ids(articles[start:])
        assert ids(find(category=None)[:start]) == ids(articles[:start])
    assert len(built) == 1


def test_a_part_of_a_limited_query_is_no_part() -> None:
    @prepared()
    def find() -> ArticleQuerySet:
        return Article.objects.order_by("pk")[:2]

    articles = [make_article() for _ in range(3)]
    assert ids(find()) == ids(articles[:2])
    with pytest.raises(TypeError, match="limited"):
        list(find()[:1])
    with pytest.raises(ValueError, match="steps"):
        find()[::2]
    with pytest.raises(ValueError, match="first"):
        find()[-1:]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps statements by itself")
def test_postgresql_plans_a_repeated_query_once() -> None:
    make_article(featured=True)
    find = make_query()
    for _ in range(10):
        assert len(find(featured=True)) == 1
        assert find(featured=True).count_up_to(5) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%featured%' AND statement LIKE '%$1%'"
        )
        assert [executions for (executions,) in cursor.fetchall()] == [5, 5]
        cursor.execute("SELECT %s, 'an ordinary query'", [1])
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%ordin%'")
        assert cursor.fetchone() == (0,)


def test_a_query_that_waits_does_not_stop_those_of_other_threads():
    """One that waited for a lock, which another transaction of the process held, stopped it."""
    has_begun, may_end = Event(), Event()

    def wait_until_another_has_read(*args: object) -> list[str]:
        has_begun.set()
        assert may_end.wait(20)
        return ["slow"]

    slow, quick = (
        PreparedRows(cast(Any, SimpleNamespace(statement=lambda _, s=statement: s)), {})
        for statement in (
            SimpleNamespace(read_rows=wait_until_another_has_read),
            SimpleNamespace(read_rows=lambda *_: ["quick"]),
        )
    )
    with ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(list, slow)
        assert has_begun.wait(10)
        try:
            assert threads.submit(list, quick).result(timeout=5) == ["quick"]
        finally:
            may_end.set()
        assert waiting.result() == ["slow"]
