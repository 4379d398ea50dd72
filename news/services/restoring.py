"""Restoring earlier versions, and recovering deleted articles."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.language_columns import copy_unused_columns
from core.slugs import unique_slug
from news.models import Article
from news.models.version import ArticleVersionBase
from news.permissions import can_publish
from news.services.pending_changes import store_pending_changes
from news.services.publishing import lock_article, save_article
from news.services.versions import existing_tags, record_version

# A restore does not change where and when the article is published.
NOT_RESTORED = {"slug", "publish_time", "expire_time", "featured"}


def restore_version(article: Article, version: ArticleVersionBase, *, by: User) -> bool:
    """Restore the texts, cover, category and tags of `version`; URL, times and status stay.

    Returns False if the article is published and `by` may not publish: then the restored content
    becomes pending changes.
    """
    with transaction.atomic():
        stored = lock_article(article) or article
        unchanged = {name: stored.content[name] for name in NOT_RESTORED}
        content = {**version.content, **unchanged}
        if stored.status == Article.Status.PUBLISHED and not can_publish(by):
            store_pending_changes(stored, content, by=by)
            return False
        save_article(article, content, by=by, reason="restored")
    return True


def deleted_versions() -> QuerySet[Any]:
    """The last version of each deleted article, the newest deletion first."""
    versions = Article.history.model.objects
    later = versions.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    deleted: QuerySet[Any] = versions.filter(~Exists(later), history_type="-")
    return deleted.order_by("-history_id")


def recover_article(version: Any, *, by: User) -> Article:
    """Recover a deleted article as a draft, with its old id, slug, tags and number of views.

    `version` is one of `deleted_versions()`. If its slug is in use by now, a number is added.
    """
    with transaction.atomic():
        versions = Article.history.filter(id=version.id).order_by("-history_id")
        last_saved = versions.exclude(history_type="-").first() or version
        article = Article(pk=version.id, views=version.views, withdrawn_at=version.withdrawn_at)
        article.apply_content(version.content)
        if Article.objects.filter(slug=article.slug).exists():
            article.slug = unique_slug(article, article.slug)
        was_published = version.status == Article.Status.PUBLISHED
        if was_published and version.publish_time <= version.history_date:
            article.withdrawn_at = version.history_date
        article.save_without_historical_record(force_insert=True)
        copy_unused_columns(last_saved, article)
        article.tags.set(existing_tags(last_saved.content))
        record_version(article, "+", by=by, reason="recovered")
    return article
