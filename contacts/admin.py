"""The company as one form, and the people who sell."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from solo.admin import SingletonModelAdmin

from config.admin import TranslatedAdmin
from contacts.inlines import AbsenceInline, HolidayInline, WorkingHoursInline
from contacts.models import Company, Contact


@admin.register(Company)
class CompanyAdmin(SingletonModelAdmin, TranslatedAdmin):
    fieldsets = [
        (None, {"fields": ["name", "address", "logo"]}),
        (
            _("How to reach the company"),
            {
                "fields": ["hotline", "phone", "fax", "skype", "email"],
                "description": _("Numbers are shown on the site just as you write them here."),
            },
        ),
        (_("Footer"), {"fields": ["support_name", "support_url"]}),
        (
            _("When it is open"),
            {
                "fields": ["time_zone"],
                "description": _(
                    "Answers are promised by these hours. Without any below, the company counts "
                    "as open from Monday to Friday, 9:00 to 17:00."
                ),
            },
        ),
    ]
    inlines = [WorkingHoursInline, HolidayInline]


@admin.register(Contact)
class ContactAdmin(TranslatedAdmin):
    list_display = ["name", "title", "phone", "mobile", "whatsapp", "email", "user", "is_active"]
    list_filter = ["is_active", "whatsapp"]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["name", "title", "email", "phone", "mobile", "skype"]
    search_help_text = _("Name, job title, e-mail, number or Skype name")
    autocomplete_fields = ["user"]
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
