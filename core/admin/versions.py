"""The staff pages of the versions of a row, which articles and pages share."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from core.admin.staff_views import StaffRequest
from core.time_zone import time_zone_name

VERSIONS_PER_PAGE = 20

Difference = Callable[[Any, Any], list[Any]]


def show_history(
    request: StaffRequest, row: Any, changed_labels: Difference, *, may_restore: bool
) -> TemplateResponse:
    """List every version of `row` with the user, the time and the changed fields."""
    versions = row.versions
    page = Paginator(versions, VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    # One more version than the page shows, to compare its last one with.
    found = list(versions[max(page.start_index() - 1, 0) : page.end_index() + 1])
    changes = [changed_labels(older.content, newer.content) for newer, older in pairwise(found)]
    found = found[: len(page.object_list)]
    return TemplateResponse(
        request,
        "admin/versions/history.html",
        {
            "title": gettext("Versions: %s") % row,
            "row": row,
            "page": page,
            "rows": list(zip(found, [*changes, []][: len(found)], strict=True)),
            "time_zone": time_zone_name(),
            "newest": found[0].pk if found and page.number == 1 else None,
            "may_restore": may_restore,
        },
    )


def chosen_versions(request: StaffRequest, row: Any) -> list[str]:
    """The numbers of the versions to compare, the older first; the newest one by default."""
    newest = row.versions.values_list("pk", flat=True).first()
    chosen = [request.GET.get("from", ""), request.GET.get("to", "") or str(newest)]
    return sorted(chosen, key=int) if all(map(_is_number, chosen)) else chosen


def show_comparison(
    request: StaffRequest,
    row: Any,
    versions: list[tuple[Any, Any]],
    compare: Difference,
    *,
    may_restore: bool,
) -> TemplateResponse:
    """Compare two versions, each with its content, in one text or side by side."""
    (older, before), (newer, after) = versions
    newest = row.versions.values_list("pk", flat=True).first()
    return TemplateResponse(
        request,
        "admin/versions/compare.html",
        {
            "title": gettext("Compare: %s") % row,
            "row": row,
            "older": older,
            "newer": newer,
            "is_newest": bool(newer) and newer.pk == newest,
            "changes": compare(before, after),
            "side_by_side": request.GET.get("view") == "side",
            "may_restore": may_restore,
            "chosen": chosen_versions(request, row),
        },
    )


def find_version(row: Any, number: str) -> tuple[Any, Any]:
    """The version of `row` with this number and its content; raises Http404."""
    if not _is_number(number):
        raise Http404
    version = get_object_or_404(row.versions, pk=int(number))
    return version, version.content


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
