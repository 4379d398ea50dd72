"""Changes to a published article that wait for approval."""

from django.contrib.auth.models import User
from django.utils import timezone

from news.models import Article, PendingChanges
from news.models.version import Content, clean_content


def get_pending_changes(article: Article) -> PendingChanges | None:
    """The pending changes as they are stored now; `article.pending` may be outdated."""
    return PendingChanges.objects.filter(article_id=article.pk).first()


def store_pending_changes(article: Article, content: Content, *, by: User | None) -> PendingChanges:
    """Store `content` as the pending changes of the article, in place of earlier ones."""
    content = clean_content(content, article.history.model)
    values = {"content": content, "saved_by": by, "saved_at": timezone.now()}
    pending, _created = PendingChanges.objects.update_or_create(article=article, defaults=values)
    return pending


def discard_pending_changes(article: Article) -> None:
    """Delete the pending changes, if any; the published text stays."""
    PendingChanges.objects.filter(article_id=article.pk).delete()
