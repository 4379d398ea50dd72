"""How an inquiry is shown to the staff."""

from typing import Any

from django.conf.locale import LANG_INFO
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.hours import OfficeHours
from inquiries.admin.presence import describe, look_up
from inquiries.models import Inquiry


class InquiryDisplays(admin.ModelAdmin):
    """The columns of the list of inquiries, and what is only read on the page of one."""

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, which reads hours and absences once for all of its rows."""
        changelist = super().get_changelist_instance(request)
        look_up(changelist.result_list)
        hours = OfficeHours.of_company()
        for inquiry in changelist.result_list:
            inquiry.office_hours = hours
        return changelist

    @admin.display(description=_("from"), ordering="name")
    def sender(self, inquiry: Inquiry) -> str:
        if inquiry.erased_at:
            return gettext("erased")
        said = ", ".join(part for part in (inquiry.name, inquiry.company) if part)
        return format_html("<bdi>{}</bdi>", said)

    @admin.display(description=_("e-mail"))
    def address(self, inquiry: Inquiry) -> str:
        if inquiry.erased_at:
            return gettext("erased")
        return format_html('<a href="mailto:{0}">{0}</a>', inquiry.email)

    @admin.display(description=_("products"))
    def asked_for(self, inquiry: Inquiry) -> str:
        asked_for = ", ".join(str(line) for line in inquiry.lines.all())
        return format_html("<bdi>{}</bdi>", asked_for or gettext("no particular product"))

    @admin.display(description=_("products"))
    def products(self, inquiry: Inquiry) -> str:
        return self._render("lines", lines=inquiry.lines.select_related("product"))

    @admin.display(description=_("telephone"))
    def telephone(self, inquiry: Inquiry) -> str:
        if not inquiry.phone_e164:
            return inquiry.phone or self.get_empty_value_display()
        return format_html('<a href="tel:{}" dir="ltr">{}</a>', inquiry.phone_e164, inquiry.phone)

    @admin.display(description=_("language"))
    def spoken(self, inquiry: Inquiry) -> str:
        return str(LANG_INFO[inquiry.language]["name_local"])

    @admin.display(description=_("terms of trade"))
    def terms(self, inquiry: Inquiry) -> str:
        return self._render("terms", terms=inquiry.terms)

    @admin.display(description=_("message"))
    def request_text(self, inquiry: Inquiry) -> str:
        return format_html('<div class="message" dir="auto">{}</div>', inquiry.message)

    @admin.display(description=_("status"), ordering="status")
    def state(self, inquiry: Inquiry) -> str:
        return self._render("state", inquiry=inquiry)

    @admin.display(description=_("answer due"), ordering="due_at")
    def due(self, inquiry: Inquiry) -> str:
        return self._render("due", inquiry=inquiry)

    @admin.display(description=_("answer due"))
    def deadline(self, inquiry: Inquiry) -> str:
        return self._render("deadline", inquiry=inquiry)

    @admin.display(description=_("assigned to"), ordering="assigned_to")
    def whose(self, inquiry: Inquiry) -> str:
        if inquiry.assigned_to is None:
            return self.get_empty_value_display()
        return describe(inquiry.assigned_to)

    @admin.display(description=_("events"))
    def timeline(self, inquiry: Inquiry) -> str:
        events = inquiry.events.select_related("actor").prefetch_related("attachments")
        return self._render("timeline", events=events, news=getattr(inquiry, "news", ()))

    @staticmethod
    def _render(name: str, **context: Any) -> str:
        return render_to_string(f"admin/inquiries/_{name}.html", context)
