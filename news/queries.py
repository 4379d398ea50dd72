"""What the public pages read of the news: prepared queries, and functions that call them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.prepared_queries import PreparedRows, prepared
from core.taxonomy import Branch, build_tree
from news.models import Article, ArticleQuerySet, Category

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


@prepared(now=TIME)
def _featured(now: Any) -> ArticleQuerySet:
    return Article.objects.published(now).for_list().filter(featured=True)


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
def _most_read(now: Any) -> ArticleQuerySet:
    articles = Article.objects.published(now).filter(most_read__isnull=False)
    return articles.only("slug", "title").order_by("-most_read__views", "-pk")[:MAX_MOST_READ]


def find_most_read() -> PreparedRows[Article]:
    """Slug and title of the published articles in `MostRead`, the most viewed first."""
    return _most_read(now=timezone.now())


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
