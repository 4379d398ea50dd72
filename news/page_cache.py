"""The cache tags of the news: which pages change with which rows."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.db.models.signals import post_save, pre_delete
from django.utils import timezone

from core.page_cache.changes import watch, watch_all, watch_relation
from core.page_cache.counting import forget_count
from core.page_cache.views import NextChange
from news.models import Article, Category, Tag
from news.models.watched import CHANGED_TAG
from news.queries import MAX_RELATED, find_neighbours

ALL = CHANGED_TAG  # every page of the news
LISTS = "news:lists"
ARTICLE = "news:article:{slug}"
SCHEDULE = "news:schedule"


def related_tag(category_id: int | None) -> str:
    """The tag of the newest articles of a category, which are related to all others in it."""
    return f"news:related:{category_id or ''}"


def find_tags(article: Article) -> set[str]:
    """The tags of the pages that show an article; none for a draft.

    These are its own page, the lists, the pages of the articles before and after it, and those to
    which it is related. Times are not looked at, since pages end by themselves at `next_change`.
    """
    if article.status != Article.Status.PUBLISHED:
        return set()
    shown_on = {
        *find_neighbours(article).values(),
        *Article.objects.filter(related_articles=article).only("slug"),
    }
    tags = {LISTS, *(ARTICLE.format(slug=each.slug) for each in (article, *shown_on))}
    if article.publish_time > timezone.now() or article.expire_time:
        tags.add(SCHEDULE)
    others = Article.objects.published().filter(category=article.category_id)
    newest = others.exclude(pk=article.pk).order_by("-publish_time", "-pk")[MAX_RELATED:]
    last = newest.values_list("publish_time", flat=True).first()
    if last is None or article.publish_time >= last:
        tags.add(related_tag(article.category_id))
    return tags


def find_tags_of_related(row: Article | Tag) -> set[str]:
    """The tags of the pages that change with an article's tags or related articles."""
    if isinstance(row, Article):
        return {LISTS, ARTICLE.format(slug=row.slug)}
    return {ALL}


def find_next_change() -> datetime | None:
    """When the next article appears or expires."""
    now, articles = timezone.now(), Article.objects.all()
    appears = articles.scheduled().aggregate(at=Min("publish_time"))["at"]
    # Without the status itself, for which SQLite would read all published articles.
    unpublished = (Article.Status.DRAFT, Article.Status.SUBMITTED)
    expiring = articles.filter(expire_time__gt=now).exclude(status__in=unpublished)
    expires = expiring.aggregate(at=Min("expire_time"))["at"]
    return min(filter(None, [appears, expires]), default=None)


def forget_deleted(instance: Article, **kwargs: object) -> None:
    pk = instance.pk
    transaction.on_commit(lambda: forget_count(Article, pk), robust=True)


def forget_earlier(instance: Article, *, created: bool, **kwargs: object) -> None:
    """Forget the views of an article that had the key of this one, as before a restored backup."""
    if created:
        forget_count(Article, instance.pk)


next_change = NextChange(SCHEDULE, find_next_change)


def watch_models() -> None:
    """Mark the tags of the pages that a change in the database changes."""
    watch(Article, find_tags, ignore=Article.COUNTERS)
    pre_delete.connect(forget_deleted, sender=Article)
    post_save.connect(forget_earlier, sender=Article)
    watch_relation(Article.tags.through, find_tags_of_related)
    watch_relation(Article.related_articles.through, find_tags_of_related)
    watch_all({Category: ALL, Tag: ALL})
