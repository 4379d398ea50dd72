"""Which inquiries the admin's list can be narrowed down to."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inquiries.models import Inquiry
from inquiries.models.querysets import InquiryQuerySet


class PartFilter(admin.SimpleListFilter):
    """Parts of the list, each by the method of the queryset that knows which inquiries it has.

    `parts` names each in the address, with what the reader is shown.
    """

    parts: ClassVar[Mapping[str, tuple[Promise, Callable[[InquiryQuerySet], InquiryQuerySet]]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, (label, _narrow) in self.parts.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        if self.value() not in self.parts:
            return queryset
        _label, narrow = self.parts[str(self.value())]
        return narrow(cast(InquiryQuerySet, queryset))


class DueFilter(PartFilter):
    """Those that wait for an answer, by how urgent it is."""

    title = _("first answer")
    parameter_name = "late"
    parts = {
        "yes": (_("Late"), InquiryQuerySet.overdue),
        "today": (_("Due today"), InquiryQuerySet.due_today),
        "waiting": (_("Waiting"), InquiryQuerySet.waiting),
    }


class HeldFilter(PartFilter):
    """Those that were taken for spam, or hold a message that was."""

    title = _("spam")
    parameter_name = "held"
    parts = {"yes": (_("Held"), InquiryQuerySet.held)}


class OpenFilter(PartFilter):
    """Those that somebody still has to do something about; or those of nobody who is there."""

    title = _("to be done")
    parameter_name = "open"
    parts = {
        "yes": (_("Open"), InquiryQuerySet.open),
        "stranded": (_("With nobody who is there"), InquiryQuerySet.stranded),
    }


class ToBeErasedFilter(PartFilter):
    """Those of which it was announced that their buyer's data goes, or all of them."""

    title = _("personal data")
    parameter_name = "to_be_erased"
    parts = {"yes": (_("To be erased"), InquiryQuerySet.to_be_erased)}
