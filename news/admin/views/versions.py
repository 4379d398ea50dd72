"""Staff pages for the versions of an article, and for deleted articles."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.admin.staff_views import StaffRequest, staff_view
from core.admin.versions import (
    VERSIONS_PER_PAGE,
    chosen_versions,
    find_version,
    show_comparison,
    show_history,
)
from core.pagination import KeysetPaginator
from news.models import Article
from news.models.version import Content
from news.permissions import can_recover
from news.services.restoring import deleted_versions, recover_article, restore_version
from news.version_comparison import changed_labels, compare_contents

PENDING_CHANGES = "waiting"  # in place of a version's number


@require_GET
@staff_view(permission="news.view_article", model=Article)
def history(request: StaffRequest, article: Article) -> HttpResponse:
    return show_history(request, article, changed_labels, may_restore=_may_restore(request))


@require_GET
@staff_view(permission="news.view_article", model=Article)
def compare(request: StaffRequest, article: Article) -> HttpResponse:
    chosen = chosen_versions(request, article)
    versions = [_find_version(article, number) for number in chosen]
    may_restore = _may_restore(request)
    return show_comparison(request, article, versions, compare_contents, may_restore=may_restore)


def _may_restore(request: StaffRequest) -> bool:
    return bool(request.user.has_perm("news.change_article"))


@require_POST
@staff_view(permission="news.change_article", model=Article)
def restore(request: StaffRequest, article: Article, version: int) -> HttpResponse:
    chosen, _content = _find_version(article, str(version))
    if restore_version(article, chosen, by=request.user):
        text = gettext(
            "The earlier version was restored. The version it replaced is kept in the history."
        )
    else:
        text = gettext(
            "The earlier version was submitted for approval. The published article has not changed."
        )
    messages.success(request, text)
    return redirect("admin:news_article_change", article.pk)


@require_GET
@staff_view(permission="news.delete_article")
def deleted(request: StaffRequest) -> HttpResponse:
    """List the deleted articles, to be recovered."""
    if not can_recover(request.user):
        raise PermissionDenied
    versions = deleted_versions().select_related("history_user")
    page = KeysetPaginator(versions, VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "admin/news/article/deleted.html",
        {"title": gettext("Deleted articles"), "opts": Article._meta, "page": page},
    )


@require_POST
@staff_view(permission="news.delete_article")
def recover(request: StaffRequest, version: int) -> HttpResponse:
    if not can_recover(request.user):
        raise PermissionDenied
    article = recover_article(get_object_or_404(deleted_versions(), pk=version), by=request.user)
    messages.success(request, gettext("“%s” was recovered as a draft.") % article)
    return redirect("admin:news_article_change", article.pk)


def _find_version(article: Article, chosen: str) -> tuple[Any, Content]:
    """The version with this number and its content, or None and the pending content.

    Raises Http404.
    """
    if chosen == PENDING_CHANGES and article.pending:
        return None, article.pending.content
    return find_version(article, chosen)
