"""Featuring articles and moving them between categories, one or many at once."""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import User
from django.db import transaction

from news.models import Article, Category
from news.services.publishing import lock_article, save_article


def feature_article(article: Article, *, by: User | None, featured: bool = True) -> bool:
    """Show the article first on the home page, or no longer; returns whether it was changed.

    Raises PermissionDenied for a published article if `by` may not publish.
    """
    with transaction.atomic():
        stored = lock_article(article) or article
        reason = "featured" if featured else "unfeatured"
        return _change(stored, "featured", featured, by=by, reason=reason)


def change_category(article: Article, category: Category, *, by: User | None) -> bool:
    """Move the article to `category`; returns whether it was changed.

    Raises PermissionDenied for a published article if `by` may not publish.
    """
    with transaction.atomic():
        stored = lock_article(article) or article
        return _change(stored, "category", category.pk, by=by, reason="moved")


def change_articles(ids: Iterable[int], change: Callable[[Article], bool]) -> int:
    """Apply `change` to all of these articles, or to none if one raises.

    `change` returns whether it changed its article. Returns the number of changed articles.
    """
    with transaction.atomic():
        articles = Article.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        return sum(change(article) for article in articles)


def _change(stored: Article, field: str, value: object, *, by: User | None, reason: str) -> bool:
    content = stored.content
    if content[field] == value:
        return False
    changed = {**content, field: value}
    save_article(stored, changed, by=by, reason=reason, keep_pending=True)
    return True
