"""By when inquiries are to be answered, as the staff see it."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from contacts.hours import OfficeHours
from products.inquiries.models import Inquiry


class InquiryDeadlines(admin.ModelAdmin):
    """The column of the list by which one sorts what is urgent, and the moment on the page."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        hours = OfficeHours.of_company()
        for inquiry in changelist.result_list:
            inquiry.office_hours = hours
        return changelist

    @admin.display(description=_("answer due"), ordering="due_at")
    def due(self, inquiry: Inquiry) -> str:
        return render_to_string("admin/inquiries/_due.html", {"inquiry": inquiry})

    @admin.display(description=_("answer due"))
    def deadline(self, inquiry: Inquiry) -> str:
        return render_to_string("admin/inquiries/_deadline.html", {"inquiry": inquiry})
