"""Filters of the admin's list of articles."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.models import Article, ArticleQuerySet

PENDING_CHANGES = "waiting"


class StateFilter(admin.SimpleListFilter):
    """The states that the list shows, and articles with pending changes."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Article.State.choices, (PENDING_CHANGES, gettext("Unpublished changes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        articles = cast(ArticleQuerySet, queryset)
        state = self.value()
        if state == PENDING_CHANGES:
            return articles.with_pending_changes()
        return articles.in_state(state) if state and state in Article.State.values else articles
