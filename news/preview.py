"""Previews: the public page of an article that visitors cannot read yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from core.absolute_urls import absolute_url
from core.headers import hide_preview
from news.models import Article, Tag
from news.queries import find_related

PREVIEW_LINK_LIFETIME = timedelta(days=7)

signer = TimestampSigner(salt="news.preview")


def preview_url(article: Article) -> str:
    """A URL that shows `article` to everyone who has it, until `preview_link_expiry()`."""
    return absolute_url(reverse("news:preview", args=[signer.sign(str(article.pk))]))


def preview_link_expiry() -> datetime:
    """When a preview link made now expires."""
    return timezone.now() + PREVIEW_LINK_LIFETIME


@dataclass
class UnsavedCover:
    """A cover that is not stored: what `{% picture %}` needs, without size and renditions."""

    url: str
    instance = None
    field = SimpleNamespace(width_field="", height_field="")


def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """The article of a preview link, with its pending changes; the real page if it is published.

    404 for an invalid token, 410 for an expired one.
    """
    try:
        pk = signer.unsign(token, max_age=PREVIEW_LINK_LIFETIME)
    except SignatureExpired:
        response = render(request, "news/preview_expired.html", status=410)
        return hide_preview(response)
    except BadSignature as error:
        raise Http404 from error
    article = get_object_or_404(Article.objects.for_page(), pk=pk)
    if article.is_published and not article.pending:
        return redirect(article)
    tags = article.shown_tags
    if article.pending:
        article.apply_pending_changes()
        tags = list(Tag.objects.filter(pk__in=article.pending.content["tags"]))
    return render_preview(request, article, tags)


def render_preview(
    request: HttpRequest,
    article: Article,
    tags: list[Tag],
    *,
    unsaved_cover: UnsavedCover | None = None,
    language: str = "",
) -> HttpResponse:
    """The public page of `article`, which may be unsaved, with a note that it is a preview.

    `language` is only needed on admin pages, whose URLs have no language.
    """
    context: dict[str, Any] = {
        "article": article,
        "views": article.views,
        "cover": unsaved_cover or article.cover,
        "tags": tags,
        "related": find_related(article),
    }
    if language:
        context["translations"] = []
    response = render(request, "news/preview.html", context)
    response.headers["Content-Language"] = language or str(translation.get_language())
    return hide_preview(response)
