"""The people who sell."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.admin.checking import CheckingMixin
from contacts.admin.inlines import AbsenceInline
from contacts.availability import Availability
from contacts.models import Company, Contact, ContactQuerySet
from contacts.models.querysets import tell_who_answers
from core.admin.translated import TranslatedAdmin


class ContactChangeList(ChangeList):
    """Rows that know who is away and who answers, without asking one by one."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ContactQuerySet:
        rows = cast(ContactQuerySet, super().get_queryset(request, *args, **kwargs))
        return rows.with_absence(Company.get_solo())

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        tell_who_answers(self.result_list, Company.get_solo())


@admin.register(Contact)
class ContactAdmin(CheckingMixin, TranslatedAdmin):
    list_display = [
        "name", "title", "presence", "phone", "mobile", "email", "user", "is_active",
    ]  # fmt: skip
    list_filter = ["is_active", "whatsapp"]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["name", "title", "email", "phone", "mobile", "skype"]
    search_help_text = _("Name, job title, e-mail, number or Skype name")
    fieldsets = [
        (None, {"fields": ["name", "title", "department", "photo"]}),
        (_("Where and how they speak"), {"fields": ["languages", "city", "time_zone"]}),
        (
            _("How to reach them"),
            {
                "fields": ["phone", "fax", "mobile", "whatsapp", "skype", "email"],
                "description": _("Numbers are shown on the site just as you write them here."),
            },
        ),
        (_("On the site"), {"fields": ["is_active", "order", "user"]}),
    ]
    inlines = [AbsenceInline]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ContactChangeList

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Not by autocomplete, which asks for a permission on every account that managers lack.
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("availability"))
    def presence(self, contact: Contact) -> Availability | None:
        return contact.availability if contact.is_active else None
