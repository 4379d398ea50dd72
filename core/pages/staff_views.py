"""Staff pages for pages: a preview of the form, and the versions."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.admin.previews import public_visit
from core.admin.staff_views import StaffRequest, staff_view
from core.admin.versions import chosen_versions, find_version, show_comparison, show_history
from core.headers import hide_preview
from core.pages.block_fields import store_uploads
from core.pages.models import Page
from core.pages.services import restore_version
from core.pages.version_comparison import changed_labels, compare_versions
from core.pages.views import render_page


@require_POST
@staff_view(permission="pages.add_page")
def preview_new(request: StaffRequest) -> HttpResponse:
    return _preview_form(request, None)


@require_POST
@staff_view(permission="pages.change_page", model=Page)
def preview(request: StaffRequest, page: Page) -> HttpResponse:
    return _preview_form(request, page)


def _preview_form(request: StaffRequest, page: Page | None) -> HttpResponse:
    """The public page of the posted form in one language; only uploads are stored."""
    store_uploads(request, by=request.user)
    model_admin = admin.site.get_model_admin(Page)
    form_class: Any = model_admin.get_form(request, page, change=bool(page))
    form = form_class(request.POST, request.FILES, instance=page)
    if not form.is_valid():
        return TemplateResponse(
            request,
            "admin/versions/preview_errors.html",
            {"title": gettext("Preview"), "form": form, "opts": Page._meta},
            status=422,
        )
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    unsaved: Page = form.instance
    unsaved.fill_path()
    with translation.override(language):
        visit = public_visit(request, unsaved.get_absolute_url())
        response = render_page(visit, unsaved, is_preview=True)
    response.headers["Content-Language"] = language
    return hide_preview(response)


@require_GET
@staff_view(permission="pages.view_page", model=Page)
def history(request: StaffRequest, page: Page) -> HttpResponse:
    return show_history(request, page, changed_labels, may_restore=_may_restore(request))


@require_GET
@staff_view(permission="pages.view_page", model=Page)
def compare(request: StaffRequest, page: Page) -> HttpResponse:
    versions = [find_version(page, number) for number in chosen_versions(request, page)]
    may_restore = _may_restore(request)
    return show_comparison(request, page, versions, compare_versions, may_restore=may_restore)


@require_POST
@staff_view(permission="pages.change_page", model=Page)
def restore(request: StaffRequest, page: Page, version: int) -> HttpResponse:
    chosen, _content = find_version(page, str(version))
    restore_version(page, chosen, by=request.user)
    text = gettext(
        "The earlier version was restored. The version it replaced is kept in the history."
    )
    messages.success(request, text)
    return redirect("admin:pages_page_change", page.pk)


def _may_restore(request: StaffRequest) -> bool:
    return bool(request.user.has_perm("pages.change_page"))


urlpatterns = [
    path("preview/", preview_new, name="pages_page_preview_new"),
    path("<int:pk>/preview/", preview, name="pages_page_preview"),
    # In place of Django's own list of log entries.
    path("<int:pk>/history/", history, name="pages_page_history"),
    path("<int:pk>/history/compare/", compare, name="pages_page_compare"),
    path("<int:pk>/history/<int:version>/restore/", restore, name="pages_page_restore"),
]
