"""Writing versions of an article. Restoring them is in `news.services.restoring`."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from core.language_columns import copy_unused_columns
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from news.models import Article, Tag
from news.models.version import REASONS, Content


def record_version(
    article: Article, kind: str, *, by: User | None, reason: str = "", at: datetime | None = None
) -> None:
    """Store a version of the article as it is in the database, with its tags, and log its reason.

    `kind` is `+` for a new article and `~` for a change, `reason` a key of `REASONS`.
    """
    version_model = Article.history.model
    columns = {
        field.attname: getattr(article, field.attname) for field in version_model.tracked_fields
    }
    version = version_model.objects.create(
        **columns,
        tag_ids=article.content["tags"],
        history_type=kind,
        history_user=by,
        history_change_reason=reason,
        history_date=at or timezone.now(),
    )
    copy_unused_columns(article, version)
    if by and reason:  # the form itself logs which fields it changed
        log_action(StaffAction.Kind.CHANGED, article, by=by, message=REASONS[reason])


def record_untracked_changes(stored: Article) -> None:
    """Store a version if the article was changed without one, such as by a bulk update."""
    newest = stored.versions.first()
    if newest is None or newest.content != stored.content or newest.status != stored.status:
        kind = "+" if newest is None else "~"
        record_version(stored, kind, by=None, reason="untracked", at=stored.updated_at)


def existing_tags(content: Content) -> list[int]:
    """The ids of the content's tags that still exist."""
    tags = Tag.objects.filter(pk__in=content.get("tags", []))
    return list(tags.values_list("pk", flat=True))
