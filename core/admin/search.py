"""One search box for everything in the admin that the user may see."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.admin.staff_views import staff_view
from core.text.search_query import clean_query

MAX_ROWS = 5  # of each model


class FoundRow(NamedTuple):
    """One result, with the URL of its page."""

    title: str
    url: str


class FoundModel(NamedTuple):
    """The first results of a model, with the URL of the list that has all of them."""

    label: str
    rows: list[FoundRow]
    list_url: str
    has_more: bool


@require_safe
@staff_view()
def search(request: HttpRequest) -> TemplateResponse | HttpResponseBase:
    """The first rows of each list of the admin that match `?q=`, as the list itself finds them."""
    query = clean_query(request.GET.get(SEARCH_VAR, ""))
    found = [_search_list(request, each, query) for each in _searchable_lists(request)]
    context = {
        "title": _("Search"),
        "query": query,
        "found": [each for each in found if each.rows] if query else [],
    }
    return TemplateResponse(request, "admin/search.html", context)


def _searchable_lists(request: HttpRequest) -> list[ModelAdmin]:
    """The lists with a search that the user may see, in the order of the admin's first page."""
    models = [model["model"] for app in admin.site.get_app_list(request) for model in app["models"]]
    lists = [admin.site.get_model_admin(model) for model in models]
    return [
        each
        for each in lists
        if each.get_search_fields(request) and each.has_view_or_change_permission(request)
    ]


def _search_list(request: HttpRequest, model_admin: Any, query: str) -> FoundModel:
    options = model_admin.opts
    name = f"admin:{options.app_label}_{options.model_name}"
    rows = []
    if query:
        visible = model_admin.get_queryset(request)
        matches, _has_duplicates = model_admin.get_search_results(request, visible, query)
        ordering = model_admin.get_ordering(request) or ["-pk"]
        rows = list(matches.order_by(*ordering)[: MAX_ROWS + 1])
    return FoundModel(
        label=str(capfirst(options.verbose_name_plural)),
        rows=[
            FoundRow(str(row), reverse(f"{name}_change", args=[quote(row.pk)]))
            for row in rows[:MAX_ROWS]
        ],
        list_url=f"{reverse(f'{name}_changelist')}?{urlencode({SEARCH_VAR: query})}",
        has_more=len(rows) > MAX_ROWS,
    )
