"""Previews of an article's form before it is saved."""

import base64
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.files.base import File
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.admin.staff_views import StaffRequest, staff_view
from news.models import Article
from news.preview import UnsavedCover, render_preview


@require_POST
@staff_view(permission="news.add_article")
def preview_new(request: StaffRequest) -> HttpResponse:
    return _preview_form(request, None)


@require_POST
@staff_view(permission="news.change_article", model=Article)
def preview(request: StaffRequest, article: Article) -> HttpResponse:
    return _preview_form(request, article)


def _preview_form(request: StaffRequest, article: Article | None) -> HttpResponse:
    """The public page of the posted form in one language; nothing is saved or counted."""
    model_admin = admin.site.get_model_admin(Article)
    form_class: Any = model_admin.get_form(request, article, change=bool(article))
    form = form_class(request.POST, request.FILES, instance=article, detects_conflicts=False)
    if not form.is_valid():
        return TemplateResponse(
            request,
            "admin/versions/preview_errors.html",
            {"title": gettext("Preview"), "form": form, "opts": Article._meta},
            status=422,
        )
    unsaved: Article = form.instance
    unsaved.fill_slug()
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        return render_preview(
            request,
            unsaved,
            tags=list(form.cleaned_data["tags"]),
            unsaved_cover=_unsaved_cover(form.cleaned_data.get("cover")),
            language=language,
        )


def _unsaved_cover(upload: Any) -> UnsavedCover | None:
    """The uploaded cover as a data URL, None if the form has no new one."""
    if not isinstance(upload, File) or getattr(upload, "_committed", False):
        return None
    upload.seek(0)
    kind = str(upload.name).rpartition(".")[2].replace("jpg", "jpeg")
    data = base64.b64encode(upload.read()).decode()
    return UnsavedCover(f"data:image/{kind};base64,{data}")
