"""The rules by which new inquiries are assigned, and the page that tries them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from contacts.models import Contact
from core.http import account
from inquiries.admin.rule_trials import TrialForm
from inquiries.answering.assigning import decide, try_rules
from inquiries.models import AssignmentRule, Inquiry


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(admin.ModelAdmin):
    """The order is changed in the list."""

    list_display = [
        "name",
        "order",
        "is_active",
        "contact",
        "category",
        "in_countries",
        "language",
        "returning",
    ]
    list_editable = ["order", "is_active"]
    list_filter = ["is_active", "contact", "category", "language", "returning"]
    list_select_related = ["contact", "category"]
    list_per_page = 100
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "order", "is_active"]}),
        (
            _("Which inquiries"),
            {
                "fields": ["category", "countries", "language", "returning"],
                "description": _("All of it must fit; what is left empty fits everything."),
            },
        ),
        (_("Whose they become"), {"fields": ["contact"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_view)
        return [path("try/", view, name="inquiries_assignmentrule_try"), *super().get_urls()]

    @admin.display(description=_("countries"))
    def in_countries(self, rule: AssignmentRule) -> str:
        return ", ".join(countries.name(str(code)) for code in rule.countries)

    def try_view(self, request: HttpRequest) -> HttpResponse:
        """Which rule would decide, and why; `?inquiry=<pk>` tries an inquiry that is there.

        Nothing is stored.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        inquiry = None
        if number := request.GET.get("inquiry"):
            visible = Inquiry.objects.visible_to(account(request))
            inquiry = get_object_or_404(visible, pk=number if number.isdecimal() else None)
        form = TrialForm(request.POST or None, inquiry=inquiry)
        context: dict[str, Any] = {"title": _("Try the rules"), "opts": self.opts}
        context |= {"form": form, "inquiry": inquiry, "media": self.media}
        if asking := form.asking:
            rules = AssignmentRule.objects.select_related("contact")
            trials = list(try_rules(rules, asking, Contact.objects.stand_ins()))
            context |= {"decision": decide(asking), "trials": trials}
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/inquiries/assignmentrule/try.html", context)
