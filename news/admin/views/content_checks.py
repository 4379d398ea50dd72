"""The content checks beside the form, when it is opened and while a user is typing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST
from modeltranslation.utils import build_localized_fieldname

from core.admin.staff_views import StaffRequest, staff_view
from core.links import dead_links
from news.content_checks.checks import ArticleText, check_texts, linked_urls
from news.models import Article

CHECKED_FIELDS = ("title", "summary", "body", "cover_alt")
MAX_CHECKED_LENGTH = 500_000  # characters of a field


@require_POST
@staff_view(permission="news.add_article")
def check_new(request: StaffRequest) -> HttpResponse:
    return _render_findings(request, None)


@require_POST
@staff_view(permission="news.change_article", model=Article)
def check(request: StaffRequest, article: Article) -> HttpResponse:
    return _render_findings(request, article)


def _render_findings(request: StaffRequest, article: Article | None) -> HttpResponse:
    """The findings in the posted form, as a fragment of HTML."""
    has_cover = "cover_chosen" in request.POST or (
        bool(article and article.cover) and "cover-clear" not in request.POST
    )
    context = _check_context(request.POST.get, article, has_cover)
    return render(request, "admin/news/article/_findings.html", context)


def form_check_context(form: ModelForm, article: Article | None) -> dict[str, Any]:
    """The context of `_content_checks.html` for a form; `article` is None for a new one."""
    values = {name: form[name].value() for name in form.fields if name != "cover"}
    return _check_context(values.get, article, bool(article and article.cover))


def _check_context(
    get_value: Callable[[str], Any], article: Article | None, has_cover: bool
) -> dict[str, Any]:
    texts = [
        ArticleText(code, **{field: _text(get_value, field, code) for field in CHECKED_FIELDS})
        for code, _name in settings.LANGUAGES
    ]
    base = article.get_absolute_url() if article else reverse("news:list")
    dead = dead_links(linked_urls(texts), base)
    findings = check_texts(texts, has_cover=has_cover, dead_links=dead)
    by_language = [
        (
            name,
            [
                (finding, f"id_{build_localized_fieldname(finding.field, code)}")
                for finding in findings
                if finding.language == code
            ],
        )
        for code, name in settings.LANGUAGES
    ]
    return {
        "languages": [(name, rows) for name, rows in by_language if rows],
        "count": len(findings),
        "is_empty": not any(text.is_started for text in texts),
        "article": article,
    }


def _text(get_value: Callable[[str], Any], field: str, language: str) -> str:
    value = get_value(build_localized_fieldname(field, language))
    return str(value or "")[:MAX_CHECKED_LENGTH]
