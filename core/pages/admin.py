"""The admin of pages: a form with an ordered list of blocks."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from core.http import logged_in_user
from core.pages.block_fields import store_uploads
from core.pages.forms import ACTION, PageForm
from core.pages.models import Page, url_of_path
from core.pages.services import save_page
from core.pages.staff_views import urlpatterns
from core.richtext.admin import TranslatedRichTextAdmin
from core.richtext.services import save_alt_texts

# There is only one site; its row has no effect, since all URLs are made from SITE_URL. Flat pages
# are kept for the version before: core/pages/migrations/0004_from_flat_pages.py.
admin.site.unregister([FlatPage, Site])


@admin.register(Page)
class PageAdmin(TranslatedRichTextAdmin):
    form = PageForm
    change_form_template = "admin/pages/page/change_form.html"
    list_display = ["title", "address", "status", "is_home", "updated_at"]
    list_filter = ["status"]
    search_fields = ["title", "path"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "slug", "parent", "status", "is_home"]}),
        (_("Search results and shared links"), {"fields": ["description", "cover"]}),
    ]

    @property
    def media(self) -> Media:
        styles = ["admin/publishing.css", "admin/blocks.css"]
        return super().media + Media(css={"all": styles}, js=["admin/blocks.js"])

    def get_urls(self) -> list[URLPattern]:
        return [*urlpatterns, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["preview_languages"] = settings.LANGUAGES
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; a button of a block shows it again with all that was typed."""
        if request.method == "POST":
            may_save = self.has_change_permission if object_id else self.has_add_permission
            if not may_save(request):
                raise PermissionDenied
            store_uploads(request, by=logged_in_user(request))
            if ACTION in request.POST:
                request.method = "GET"
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if action := request.POST.get(ACTION):
            form.action, form.sent = action, (request.POST, request.FILES)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_page(obj, by=logged_in_user(request))
        for language, html in form.blocks.rich_texts:
            save_alt_texts(html, language)

    @admin.display(description=_("address"), ordering="path")
    def address(self, page: Page) -> str:
        return url_of_path(page.path)
