"""The company, its hours and its holidays as one form."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from solo.admin import SingletonModelAdmin

from contacts.admin.forms import NUMBERS_AS_TYPED, CompanyForm
from contacts.admin.inlines import HolidayInline, WorkingHoursInline
from contacts.models import Company
from core.admin.translated import TranslatedAdmin


@admin.register(Company)
class CompanyAdmin(SingletonModelAdmin, TranslatedAdmin):
    form = CompanyForm
    fieldsets = [
        (None, {"fields": ["name", "address"]}),
        (
            _("Contact details"),
            {
                "fields": ["country", "hotline", "phone", "fax", "skype", "email"],
                "description": NUMBERS_AS_TYPED,
            },
        ),
        (_("Footer"), {"fields": ["support_name", "support_url"]}),
        (
            _("Working hours and holidays"),
            {
                "fields": ["time_zone"],
                "description": _(
                    "Reply deadlines are calculated from these hours. If none are "
                    "entered, Monday to Friday, 9:00 to 17:00 applies."
                ),
            },
        ),
    ]
    inlines = [WorkingHoursInline, HolidayInline]
