"""The form of the site's name and look, with a preview of the home page beside it."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, resolve
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from solo.admin import SingletonModelAdmin

from contacts.admin.forms import SiteForm
from contacts.models import Site, SocialLink
from core.admin.previews import public_visit
from core.admin.translated import TranslatedAdmin
from core.headers import hide_preview
from core.page_urls import page_url


class SocialLinkInline(admin.TabularInline):
    model = SocialLink
    extra = 0
    fields = ["network", "url", "qr_code", "order"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Site)
class SiteAdmin(SingletonModelAdmin, TranslatedAdmin):
    form = SiteForm
    inlines = [SocialLinkInline]
    change_form_template = "admin/contacts/site/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "logo", "dark_logo", "icon", "sharing_picture"]}),
        (_("Look"), {"fields": ["color", "corners", "font"]}),
        (_("Texts"), {"fields": ["about", "footer_text"]}),
        (
            _("Visitor statistics by another company"),
            {
                "fields": ["analytics_provider", "analytics_id"],
                "description": _(
                    "Off by default: Tradepost counts views itself, without cookies. If a "
                    "provider is chosen, visitors are asked for consent first."
                ),
            },
        ),
    ]

    @method_decorator(csp_replace({"frame-src": [SELF]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "preview/",
            self.admin_site.admin_view(self.preview),
            name="contacts_site_preview",
        )
        return [preview, *super().get_urls()]

    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(xframe_options_sameorigin)
    def preview(self, request: HttpRequest) -> HttpResponse:
        """The home page as the posted form would make it; without one, as it is.

        What is uploaded with the form is only shown once it is saved.
        """
        if not self.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            site = Site.get_solo()
            if request.method == "POST":
                form_class = self.get_form(request, site, change=True)
                form = form_class(request.POST, instance=site)
                if not form.is_valid():
                    context = {**self.admin_site.each_context(request), "form": form}
                    template = "admin/contacts/site/preview_errors.html"
                    return TemplateResponse(request, template, context, status=422).render()
                form.save()
            # Everything that pages show is read from the changed row, and nothing is kept of it.
            response = _render_home(request, site)
            transaction.set_rollback(True)
        return response


def _render_home(request: HttpRequest, site: Site) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        visit = public_visit(request, page_url("home"))
        visit.company = site
        visit.resolver_match = match = resolve(visit.path)
        response: Any = match.func(visit, *match.args, **match.kwargs)
    return hide_preview(response)
