"""An article before it is published: as it is typed, and by a link for a reader without account."""

import base64
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.http import require_POST

from news.models import Article
from news.preview import LINK_AGE, expiry, preview_link, preview_page


class PreviewMixin(admin.ModelAdmin):
    """For the ModelAdmin of articles: a form may be posted here instead of being saved."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.preview_view))
        return [
            path("preview/", view, name="news_article_preview_new"),
            path("<path:object_id>/preview/", view, name="news_article_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The public page of what the form holds, in one language; nothing is saved or counted."""
        article = self.get_object(request, object_id) if object_id else None
        if object_id and article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not (
            self.has_change_permission(request, article)
            if article
            else self.has_add_permission(request)
        ):
            raise PermissionDenied
        form_class: Any = self.get_form(request, article, change=bool(article))
        form = form_class(request.POST, request.FILES, instance=article)
        form.checks_edition = False
        if not form.is_valid():
            context = {**self.admin_site.each_context(request), "form": form, "opts": self.opts}
            return render(request, "admin/news/article/preview_errors.html", context, status=422)
        typed: Article = form.instance
        typed.fill_slug()
        language = request.GET.get("language", "")
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            return preview_page(
                request,
                typed,
                tags=list(form.cleaned_data["tags"]),
                cover_url=_inline(form.cleaned_data.get("cover")),
                language=language,
            )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = kwargs.get("obj")
        context["preview_languages"] = settings.LANGUAGES
        if article and not (article.is_published and not article.waiting):
            context["preview_link"] = preview_link(article)
            context["preview_link_ends"] = expiry()
            context["preview_link_days"] = LINK_AGE.days
        return super().render_change_form(request, context, *args, **kwargs)


def _inline(upload: Any) -> str:
    """The address of a picture that was sent with the form and is stored nowhere."""
    if not isinstance(upload, File) or getattr(upload, "_committed", False):
        return ""
    upload.seek(0)
    kind = str(upload.name).rpartition(".")[2].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(upload.read()).decode()}"
