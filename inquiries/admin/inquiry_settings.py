"""The admin of the inquiry settings."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from solo.admin import SingletonModelAdmin

from inquiries.models import InquirySettings


@admin.register(InquirySettings)
class InquirySettingsAdmin(SingletonModelAdmin):
    fieldsets = [
        (_("Assignment"), {"fields": ["assigns_to_least_busy"]}),
        (_("Reply deadlines"), {"fields": ["reply_hours", "reminder_hours"]}),
        (_("Notifications"), {"fields": ["sends_digest"]}),
    ]
