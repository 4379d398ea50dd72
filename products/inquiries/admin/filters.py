"""Which inquiries the admin's list can be narrowed down to."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.inquiries.models import Inquiry
from products.inquiries.models.querysets import InquiryQuerySet


class DueFilter(admin.SimpleListFilter):
    """Those that wait for an answer, by how urgent it is."""

    title = _("first answer")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", gettext("Late")),
            ("today", gettext("Due today")),
            ("waiting", gettext("Waiting")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        inquiries = cast(InquiryQuerySet, queryset)
        if self.value() == "yes":
            return inquiries.overdue()
        if self.value() == "today":
            return inquiries.due_today()
        return inquiries.waiting() if self.value() == "waiting" else inquiries


class HeldFilter(admin.SimpleListFilter):
    """Those that were taken for spam, or hold a message that was."""

    title = _("spam")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("Held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        inquiries = cast(InquiryQuerySet, queryset)
        return inquiries.held() if self.value() == "yes" else inquiries


class OpenFilter(admin.SimpleListFilter):
    """Those that somebody still has to do something about; or those of nobody who is there."""

    title = _("to be done")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("Open")), ("stranded", gettext("With nobody who is there"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        inquiries = cast(InquiryQuerySet, queryset)
        if self.value() == "stranded":
            return inquiries.stranded()
        return inquiries.open() if self.value() == "yes" else inquiries


class ToBeErasedFilter(admin.SimpleListFilter):
    """Those of which it was announced that their buyer's data goes, or all of them."""

    title = _("personal data")
    parameter_name = "to_be_erased"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("To be erased"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        inquiries = cast(InquiryQuerySet, queryset)
        return inquiries.to_be_erased() if self.value() == "yes" else inquiries
