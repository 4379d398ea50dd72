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

from core.absolute_urls import absolute
from news.models import Article, Tag

LINK_AGE = timedelta(days=7)

signer = TimestampSigner(salt="news.preview")


def preview_link(article: Article) -> str:
    """An address at which anybody can read `article` for as long as LINK_AGE, from now."""
    return absolute(reverse("news:preview", args=[signer.sign(str(article.pk))]))


def expiry() -> datetime:
    return timezone.now() + LINK_AGE


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The article of a link that was handed out: as it is typed so far, or its own page.

    404 for what nobody handed out, 410 for a link that is too old.
    """
    try:
        key = signer.unsign(token, max_age=LINK_AGE)
    except SignatureExpired:
        response = render(request, "news/preview_expired.html", status=410)
        return _kept_by_nobody(response)
    except BadSignature as error:
        raise Http404 from error
    article = get_object_or_404(Article.objects.for_page(), pk=key)
    if article.is_published and not article.waiting:
        return redirect(article)
    tags = list(article.tags.all())
    if waiting := article.waiting:
        article.show_waiting_changes()
        tags = list(Tag.objects.filter(pk__in=waiting.content["tags"]))
    return preview_page(request, article, tags)


def preview_page(
    request: HttpRequest,
    article: Article,
    tags: list[Tag],
    cover_url: str = "",
    language: str = "",
) -> HttpResponse:
    """The public page of `article` as it would be, with a note that it is a preview.

    `language` is given for a page of the admin, whose address exists in no language.
    """
    article.pk = article.pk or 0
    article.__dict__["neighbours"] = {}  # one that is not published stands between no others
    article.__dict__["_prefetched_objects_cache"] = {"tags": tags}
    if cover_url:
        article.__dict__["cover"] = UnsavedCover(cover_url)
    context: dict[str, Any] = {"article": article}
    if language:
        context["translations"] = []
    response = render(request, "news/preview.html", context)
    response.headers["Content-Language"] = language or str(translation.get_language())
    return _kept_by_nobody(response)


@dataclass
class UnsavedCover:
    """What `{% picture %}` needs of a picture that is stored nowhere: no size, no copies."""

    url: str
    instance = None
    field = SimpleNamespace(width_field="", height_field="")


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
