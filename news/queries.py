"""What the public pages read of the news: prepared queries, and functions that call them."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from modeltranslation.utils import get_translation_fields

from core.prepared_queries import PreparedRows, prepared
from core.taxonomy import Branch, build_tree
from news.models import Article, ArticleQuerySet, Category, MostRead

MAX_MOST_READ = 5
MAX_RELATED = 4

KEY = models.BigIntegerField()
TIME = models.DateTimeField()


@prepared()
def _categories() -> models.QuerySet[Category]:
    return Category.objects.all()


def find_category_tree() -> list[Branch]:
    """The branches of the top level with all categories below, in one query."""
    return build_tree(_categories())


@prepared(now=TIME, categories=KEY)
def _published(now: Any, categories: Any) -> ArticleQuerySet:
    articles = Article.objects.published(now).for_list()
    return articles if categories is None else articles.in_categories(categories)


def find_articles(categories: list[int] | None = None) -> PreparedRows[Article]:
    """The published articles for a list, of all categories or of those with these keys."""
    return _published(now=timezone.now(), categories=categories)


def _is_published(now: Any) -> Exists:
    """Whether the article of a row is published, found by its key.

    SQLite would read all published articles to find the few that are featured or most read.
    """
    return Exists(Article.objects.published(now).filter(pk=OuterRef("pk")))


@prepared(now=TIME)
def _featured(now: Any) -> ArticleQuerySet:
    return Article.objects.filter(_is_published(now), featured=True).for_list()


def find_articles_for_home(limit: int = 4) -> list[Article]:
    """The newest featured article, followed by the newest of all."""
    newest = list(find_articles()[:limit])
    featured = next((article for article in newest if article.featured), None)
    if featured is None and len(newest) == limit:
        featured = _featured(now=timezone.now()).first()
    if featured is None:
        return newest
    return [featured, *(article for article in newest if article != featured)][:limit]


@prepared(now=TIME)
def _most_read(now: Any) -> models.QuerySet[MostRead]:
    rows = MostRead.objects.filter(_is_published(now)).select_related("article")
    shown = (f"article__{name}" for name in ("slug", *get_translation_fields("title")))
    return rows.only(*shown).order_by("-views", "-pk")[:MAX_MOST_READ]


def find_most_read() -> list[Article]:
    """Slug and title of the published articles in `MostRead`, the most viewed first."""
    return [row.article for row in _most_read(now=timezone.now())]


@prepared(slug=models.SlugField())
def _articles_with_slug(slug: Any) -> ArticleQuerySet:
    return Article.objects.for_page().filter(slug=slug)


def find_article(slug: str) -> Article | None:
    """The article with this slug, prepared for its page; it need not be published."""
    return _articles_with_slug(slug=slug).first()


@prepared(now=TIME, publish_time=TIME, pk=KEY)
def _neighbours(now: Any, publish_time: Any, pk: Any) -> ArticleQuerySet:
    published = Article.objects.published(now)
    older = published.filter(
        Q(publish_time__lt=publish_time) | Q(pk__lt=pk), publish_time__lte=publish_time
    ).order_by("-publish_time", "-pk")
    newer = published.filter(
        Q(publish_time__gt=publish_time) | Q(pk__gt=pk), publish_time__gte=publish_time
    ).order_by("publish_time", "pk")
    return Article.objects.only("slug", "title", "publish_time").filter(
        Q(pk=models.Subquery(older.values("pk")[:1]))
        | Q(pk=models.Subquery(newer.values("pk")[:1]))
    )


def find_neighbours(article: Article) -> dict[str, Article]:
    """The articles published just before and just after this one: `previous` and `next`.

    One query. A key is missing for the oldest and the newest article.
    """
    position = (article.publish_time, article.pk)
    found = _neighbours(now=timezone.now(), publish_time=article.publish_time, pk=article.pk)
    return {
        "previous" if (other.publish_time, other.pk) < position else "next": other
        for other in found
    }


@prepared(now=TIME, pk=KEY)
def _chosen_related(now: Any, pk: Any) -> ArticleQuerySet:
    others = Article.objects.published(now).for_list().exclude(pk=pk)
    return others.filter(chosen_by=pk)[:MAX_RELATED]


@prepared(now=TIME, pk=KEY, category=KEY)
def _newest_of_category(now: Any, pk: Any, category: Any) -> ArticleQuerySet:
    others = Article.objects.published(now).for_list().exclude(pk=pk)
    return others.filter(category=category)[:MAX_RELATED]


def find_related(article: Article) -> PreparedRows[Article]:
    """The related articles that an editor chose, else the newest of the same category."""
    now = timezone.now()
    if article.has_chosen_related:
        return _chosen_related(now=now, pk=article.pk)
    return _newest_of_category(now=now, pk=article.pk, category=article.category_id)
