"""From draft to published and back. Only this module writes `Article.status`."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from news.models import Article
from news.models.version import Content
from news.permissions import can_publish
from news.services.pending_changes import (
    discard_pending_changes,
    get_pending_changes,
    store_pending_changes,
)
from news.services.versions import existing_tags, record_untracked_changes, record_version

PUBLISHED = Article.Status.PUBLISHED


def save_draft(article: Article, content: Content | None = None, *, by: User | None) -> Article:
    """Save without publishing.

    On a published article the content becomes pending changes, and visitors still read the old
    text.
    """
    with transaction.atomic():
        stored = lock_article(article)
        if stored and stored.status == PUBLISHED:
            store_pending_changes(stored, content or stored.content, by=by)
            return stored
        return save_article(article, content, status=Article.Status.DRAFT, by=by)


def submit_article(article: Article, *, by: User | None) -> Article:
    """Submit a draft for approval.

    Raises PermissionDenied for a published article if `by` may not publish.
    """
    return save_article(article, status=Article.Status.SUBMITTED, by=by)


def approve_article(
    article: Article, content: Content | None = None, *, by: User | None
) -> Article:
    """Publish the pending changes of a published article, or `content` in their place.

    Raises PermissionDenied if `by` may not publish.
    """
    with transaction.atomic():
        lock_article(article)
        if content is None and (pending := get_pending_changes(article)):
            content = pending.content
        return save_article(article, content, status=PUBLISHED, by=by, reason="approved")


def publish_article(article: Article, *, by: User | None) -> Article:
    """Publish the article: visitors can read it from its publish time on.

    An expire time that has passed is removed. Raises PermissionDenied if `by` may not publish.
    """
    with transaction.atomic():
        stored = lock_article(article) or article
        content = stored.content if stored.pk else None
        if content and stored.expire_time and stored.expire_time <= timezone.now():
            content["expire_time"] = None
        return save_article(
            article, content, status=PUBLISHED, by=by, reason="published", keep_pending=True
        )


def withdraw_article(article: Article, *, by: User | None) -> Article:
    """Take the article offline: it is a draft again, with its pending changes as its text.

    Raises PermissionDenied if `by` may not publish.
    """
    if by and not can_publish(by):
        raise PermissionDenied
    with transaction.atomic():
        lock_article(article)
        pending = get_pending_changes(article)
        content = pending.content if pending else None
        return save_article(
            article, content, status=Article.Status.DRAFT, by=by, reason="withdrawn"
        )


def save_article(
    article: Article,
    content: Content | None = None,
    *,
    status: str | None = None,
    by: User | None,
    reason: str | None = None,
    keep_pending: bool = False,
) -> Article:
    """Save the content and the status from a form or a spreadsheet, as one version.

    A new `article` is saved itself; else the stored row is changed. Without `status`, the status
    stays as it is. `reason` describes the version; by default it follows from the change of
    status. The content replaces pending changes, except with `keep_pending`.

    Returns the saved article. Raises PermissionDenied if the article is or becomes published and
    `by` may not publish.
    """
    with transaction.atomic():
        stored = lock_article(article)
        saved = stored or article
        old_status = stored.status if stored else ""
        new_status = status or saved.status
        if by and PUBLISHED in (old_status, new_status) and not can_publish(by):
            raise PermissionDenied
        if stored:
            record_untracked_changes(stored)
        _set_status(saved, new_status, was_public=bool(stored) and _has_been_public(saved))
        if stored and content is not None:
            stored.apply_content(content)
        _write(saved, is_new=not stored)
        if content is not None:
            saved.tags.set(existing_tags(content))
            if not keep_pending:
                discard_pending_changes(saved)
        if reason is None:
            reason = _default_reason(old_status, new_status)
        record_version(saved, "~" if stored else "+", by=by, reason=reason)
    return saved


def lock_article(article: Article) -> Article | None:
    """The stored row of `article`, locked until the transaction ends; None for a new article."""
    if article.pk is None:
        return None
    return Article.objects.select_for_update().get(pk=article.pk)


def _set_status(article: Article, status: str, *, was_public: bool) -> None:
    article.status = status
    if status == PUBLISHED:
        article.withdrawn_at = None
    elif was_public and article.withdrawn_at is None:
        article.withdrawn_at = timezone.now()


def _has_been_public(article: Article) -> bool:
    return article.state in (Article.State.PUBLISHED, Article.State.EXPIRED)


def _write(article: Article, *, is_new: bool) -> None:
    if is_new:
        article.save_without_historical_record()
        return
    # Views are counted by UPDATE statements, which this must not undo.
    names = {field.name for field in Article._meta.concrete_fields if not field.primary_key}
    article.save_without_historical_record(update_fields=names - Article.COUNTERS)


def _default_reason(old_status: str, new_status: str) -> str:
    if new_status == old_status:
        return ""
    if new_status == Article.Status.DRAFT:
        return "withdrawn" if old_status == PUBLISHED else ""
    return new_status
