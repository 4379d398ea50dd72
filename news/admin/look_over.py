"""The look-over beside the form of an article: after each save, and while one writes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from modeltranslation.utils import build_localized_fieldname

from core.links import dead_links
from news.lookover import Text, inner_links, look_over
from news.models import Article

FIELDS = ("title", "summary", "body", "cover_alt")
LONGEST = 500_000  # characters of one field that are looked at


class LookOverMixin:
    """For the ModelAdmin of articles. Nothing that is found keeps anybody from saving."""

    @property
    def media(self) -> Media:
        own = Media(css={"all": ["admin/look_over.css"]}, js=["admin/look_over.js"])
        return super().media + own  # type: ignore[misc]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.look_over))  # type: ignore[attr-defined]
        return [
            path("look-over/", view, name="news_article_look_over"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def look_over(self, request: HttpRequest) -> HttpResponse:
        """What is found in the form as it stands in the browser, as a piece of HTML."""
        key = request.GET.get("article", "")
        article = Article.objects.filter(pk=key).first() if _is_key(key) else None
        if not self._may_write(request, article):
            raise PermissionDenied
        has_cover = "cover_chosen" in request.POST or (
            bool(article and article.cover) and "cover-clear" not in request.POST
        )
        context = findings(request.POST.get, article, has_cover)
        return render(request, "admin/news/article/_findings.html", context)

    def _may_write(self, request: HttpRequest, article: Article | None) -> bool:
        if article:
            return self.has_change_permission(request, article)  # type: ignore[attr-defined]
        return self.has_add_permission(request)  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form, article = context["adminform"].form, kwargs.get("obj")
        if form.fields:  # there are none for one who may only look
            values = {name: form[name].value() for name in form.fields if name != "cover"}
            has_cover = bool(article and article.cover)
            context["look_over"] = findings(values.get, article, has_cover)
        return super().render_change_form(  # type: ignore[misc]
            request, context, *args, **kwargs
        )


def findings(
    value_of: Callable[[str], Any], article: Article | None, has_cover: bool
) -> dict[str, Any]:
    """What the panel shows of the texts whose fields `value_of` knows by their names."""
    texts = [
        Text(code, **{field: _text(value_of, field, code) for field in FIELDS})
        for code, _name in settings.LANGUAGES
    ]
    base = article.get_absolute_url() if article else reverse("news:list")
    dead = dead_links(inner_links(texts), base)
    found = look_over(texts, has_cover=has_cover, dead_links=dead)
    by_language = [
        (
            name,
            [
                (finding, f"id_{build_localized_fieldname(finding.field, code)}")
                for finding in found
                if finding.language == code
            ],
        )
        for code, name in settings.LANGUAGES
    ]
    return {
        "languages": [(name, rows) for name, rows in by_language if rows],
        "count": len(found),
        "is_empty": not any(text.is_started for text in texts),
        "article": article,
    }


def _text(value_of: Callable[[str], Any], field: str, language: str) -> str:
    return str(value_of(build_localized_fieldname(field, language)) or "")[:LONGEST]


def _is_key(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19
