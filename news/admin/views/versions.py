"""Staff pages for the versions of an article, and for deleted articles."""

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.admin.staff_views import StaffRequest, staff_view
from core.pagination import KeysetPaginator
from core.time_zone import time_zone_name
from news.models import Article
from news.models.version import Content
from news.permissions import can_recover
from news.services.restoring import deleted_versions, recover_article, restore_version
from news.version_comparison import changed_labels, compare_contents

VERSIONS_PER_PAGE = 20
PENDING_CHANGES = "waiting"  # in place of a version's number


@require_GET
@staff_view(permission="news.view_article", model=Article)
def history(request: StaffRequest, article: Article) -> HttpResponse:
    """List every version with the user, the time and the changed fields."""
    versions = article.versions
    page = Paginator(versions, VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    # One more version than the page shows, to compare its last one with.
    rows = list(versions[max(page.start_index() - 1, 0) : page.end_index() + 1])
    changes = [changed_labels(older.content, newer.content) for newer, older in pairwise(rows)]
    rows = rows[: len(page.object_list)]
    return TemplateResponse(
        request,
        "admin/news/article/history.html",
        {
            "title": gettext("Versions: %s") % article,
            "article": article,
            "page": page,
            "rows": list(zip(rows, [*changes, []][: len(rows)], strict=True)),
            "time_zone": time_zone_name(),
            "newest": rows[0].pk if rows and page.number == 1 else None,
            "may_restore": request.user.has_perm("news.change_article"),
        },
    )


@require_GET
@staff_view(permission="news.view_article", model=Article)
def compare(request: StaffRequest, article: Article) -> HttpResponse:
    """Compare two versions, in one text with marked changes or side by side."""
    newest = article.versions.values_list("pk", flat=True).first()
    chosen = [request.GET.get("from", ""), request.GET.get("to", "") or str(newest)]
    if all(number.isdecimal() for number in chosen):
        chosen.sort(key=int)
    (older, before), (newer, after) = (_find_version(article, number) for number in chosen)
    return TemplateResponse(
        request,
        "admin/news/article/compare.html",
        {
            "title": gettext("Compare: %s") % article,
            "article": article,
            "older": older,
            "newer": newer,
            "is_newest": bool(newer) and newer.pk == newest,
            "changes": compare_contents(before, after),
            "side_by_side": request.GET.get("view") == "side",
            "may_restore": request.user.has_perm("news.change_article"),
            "chosen": chosen,
        },
    )


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
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 10):
        raise Http404
    version = get_object_or_404(article.versions, pk=int(chosen))
    return version, version.content
