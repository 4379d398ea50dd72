"""The company, its hours and its holidays as one form."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from solo.admin import SingletonModelAdmin

from contacts.admin.inlines import HolidayInline, WorkingHoursInline
from contacts.models import Company
from core.admin.translated import TranslatedAdmin


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
