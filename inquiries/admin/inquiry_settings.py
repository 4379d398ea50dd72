"""The settings of inquiries, as one form."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from solo.admin import SingletonModelAdmin

from inquiries.models import Desk


@admin.register(Desk)
class DeskAdmin(SingletonModelAdmin):
    fieldsets = [
        (_("Assigning"), {"fields": ["shares_out"]}),
        (_("What is promised"), {"fields": ["first_answer_hours", "reminder_hours"]}),
        (_("Mail"), {"fields": ["sends_digest"]}),
    ]
