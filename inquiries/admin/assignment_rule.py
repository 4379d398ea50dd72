"""The admin of the assignment rules."""

from django.contrib import admin
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from inquiries.admin.urls import assignment_rule_urls
from inquiries.models import AssignmentRule


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(admin.ModelAdmin):
    """The order of the rules can be changed in the list."""

    list_display = [
        "name",
        "order",
        "is_active",
        "contact",
        "category",
        "country_names",
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
            _("Conditions"),
            {
                "fields": ["category", "countries", "language", "returning"],
                "description": _(
                    "All conditions must match. An empty condition matches every inquiry."
                ),
            },
        ),
        (_("Assign to"), {"fields": ["contact"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [*assignment_rule_urls, *super().get_urls()]

    @admin.display(description=_("countries"))
    def country_names(self, rule: AssignmentRule) -> str:
        return ", ".join(countries.name(str(code)) for code in rule.countries)
