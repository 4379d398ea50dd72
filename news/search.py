"""Adds articles to the search, and indexes them again when their tags change without a save."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models.signals import m2m_changed, pre_delete
from django.dispatch import receiver
from modeltranslation.utils import build_localized_fieldname

from core.search.documents import translated_text
from core.search.index import register, update_index
from core.search.kinds import Kind
from core.trigram_tables import add_trigram_table
from news.models import Article, Tag


def article_keywords(article: Article, language: str) -> Iterable[str]:
    """The names of the article's tags in `language`."""
    return (translated_text(tag, "name", language) for tag in article.tags.all())


register(
    Kind(
        number=1,
        model=Article,
        published=Article.objects.published,
        title="title",
        summary="summary",
        html="body",
        get_keywords=article_keywords,
        keyword_relations=("tags",),
        date="publish_time",
        template="news/_search_result.html",
        select_related=("category",),
    )
)

# What the list of the admin searches in.
add_trigram_table(
    Article,
    [
        *(
            build_localized_fieldname(field, code)
            for field in ("title", "summary")
            for code in settings.LANGUAGES_WITH_CONTENT
        ),
        "slug",
        "author",
    ],
)


@receiver(m2m_changed, sender=Article.tags.through)
def update_tagged_articles(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Index the articles whose tags changed, whichever side they were changed from."""
    if not reverse and action.startswith("post_"):
        update_index(Article, [instance.pk])
    elif reverse and action == "pre_clear":
        remove_tag(instance)
    elif reverse and action in {"post_add", "post_remove"}:
        update_index(Article, pk_set or ())


@receiver(pre_delete, sender=Tag)
def remove_tag(instance: Tag, **kwargs: Any) -> None:
    """Remove the tag from its articles, so that they are indexed without it."""
    instance.articles.remove(*instance.articles.all())
