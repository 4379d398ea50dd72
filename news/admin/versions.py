"""The versions of an article in the admin: who, when, compared, restored, and what was deleted."""

from itertools import pairwise
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.http import account
from news.admin.forms import zone
from news.comparison import changed_labels, compare
from news.models import Article
from news.versions import Content, deleted_versions, recover

VERSIONS_A_PAGE = 20


class VersionsMixin(admin.ModelAdmin):
    """For the ModelAdmin of articles. The list of versions stands at Django's own address."""

    change_list_template = "admin/news/article/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, Any, str]] = [
            ("deleted/", require_GET(self.deleted_view), "deleted"),
            ("deleted/<int:version>/recover/", require_POST(self.recover_view), "recover"),
            ("<path:object_id>/history/compare/", require_GET(self.compare_view), "compare"),
            (
                "<path:object_id>/history/<int:version>/restore/",
                require_POST(self.restore_view),
                "restore",
            ),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"news_article_{name}")
            for route, view, name in views
        ]
        return [*own, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Every version with who saved it and when, and what it changed."""
        article = self._readable(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        versions = article.versions
        page = Paginator(versions, VERSIONS_A_PAGE).get_page(request.GET.get("page"))
        # One more than the page shows, for what the last one changed.
        rows = list(versions[max(page.start_index() - 1, 0) : page.end_index() + 1])
        changes = [changed_labels(older.content, newer.content) for newer, older in pairwise(rows)]
        rows = rows[: len(page.object_list)]
        return self._page(
            request,
            "history",
            gettext("Versions: %s") % article,
            article=article,
            page=page,
            rows=list(zip(rows, [*changes, []][: len(rows)], strict=True)),
            zone=zone(),
            newest=rows[0].pk if rows and page.number == 1 else None,
            may_restore=self.has_change_permission(request, article),
            **(extra_context or {}),
        )

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two versions, in one text with marks or side by side."""
        article = self._readable(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        newest = article.versions.values_list("pk", flat=True).first()
        chosen = [request.GET.get("from", ""), request.GET.get("to", "") or str(newest)]
        if all(number.isdecimal() for number in chosen):
            chosen.sort(key=int)
        (older, before), (newer, after) = (self._version(article, each) for each in chosen)
        return self._page(
            request,
            "compare",
            gettext("Compare: %s") % article,
            article=article,
            older=older,
            newer=newer,
            is_newest=bool(newer) and newer.pk == newest,
            changes=compare(before, after),
            side_by_side=request.GET.get("view") == "side",
            may_restore=self.has_change_permission(request, article),
            chosen=chosen,
        )

    def restore_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        article = self._readable(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        chosen, _content = self._version(article, str(version))
        if article.restore(chosen, account(request)):
            text = gettext("The earlier version is restored. What it replaced is kept below it.")
        else:
            text = gettext(
                "The earlier version waits for somebody who publishes. "
                "The article that is online stays as it is."
            )
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:news_article_change", article.pk)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """The articles that were deleted, to be brought back."""
        self._require_recover_permission(request)
        deleted = deleted_versions().select_related("history_user")
        page = Paginator(deleted, VERSIONS_A_PAGE).get_page(request.GET.get("page"))
        return self._page(request, "deleted", gettext("Deleted articles"), page=page)

    def recover_view(self, request: HttpRequest, version: int) -> HttpResponse:
        self._require_recover_permission(request)
        deleted = get_object_or_404(deleted_versions(), pk=version)
        article = recover(deleted, account(request))
        text = gettext("“%s” is back, as a draft.") % article
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:news_article_change", article.pk)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_recover = self.has_recover_permission(request)
        context = {"may_recover": may_recover, **(extra_context or {})}
        return super().changelist_view(request, context)

    def has_recover_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_delete_permission(request)

    def _require_recover_permission(self, request: HttpRequest) -> None:
        if not self.has_recover_permission(request):
            raise PermissionDenied

    def _readable(self, request: HttpRequest, object_id: str) -> Article | None:
        article = self.get_object(request, object_id)
        if article and not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _version(self, article: Article, chosen: str) -> tuple[Any, Content]:
        """The version of that number and its content; `waiting` is what waits to be published."""
        if chosen == "waiting" and article.waiting:
            return None, article.waiting.content
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 10):
            raise Http404
        version = get_object_or_404(article.versions, pk=int(chosen))
        return version, version.content

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        everywhere = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        template = f"admin/news/article/{name}.html"
        return render(request, template, {**everywhere, **context})
