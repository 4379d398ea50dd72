"""Changes that no `save` sees: tags given to an article or taken from it, and tags deleted."""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, pre_delete
from django.dispatch import receiver

from news.models import Article, Tag
from news.search import index


@receiver(m2m_changed, sender=Article.tags.through)
def tags_changed(instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Index the articles whose tags changed, whichever side they were changed from."""
    if isinstance(instance, Article):
        if action.startswith("post_"):
            index.update([instance.pk])
    elif action == "pre_clear":
        remember_articles(instance)
    elif action.startswith("post_"):
        index.update(pk_set if pk_set is not None else instance.articles_before)


@receiver(pre_delete, sender=Tag)
def remember_articles(instance: Any, **kwargs: Any) -> None:
    instance.articles_before = list(instance.articles.values_list("pk", flat=True))


@receiver(post_delete, sender=Tag)
def tag_deleted(instance: Any, **kwargs: Any) -> None:
    index.update(instance.articles_before)
