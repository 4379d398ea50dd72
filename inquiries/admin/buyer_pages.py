"""The page of a buyer: all that was asked from one e-mail address, and by one company."""

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from inquiries.admin.pages import InquiryPages
from inquiries.models import Inquiry, InquiryEvent
from inquiries.models.querysets import InquiryQuerySet
from inquiries.permissions import may_erase

ON_A_PAGE = 20
MOST_VALUES = 20  # names, companies, countries, numbers that one buyer gave


class BuyerPages(InquiryPages):
    """Of the buyer of an inquiry, as far as the reader may see: nothing tells of all else."""

    def get_urls(self) -> list[URLPattern]:
        return [self.page("buyer", self.buyer), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        inquiry = kwargs.get("obj")
        if inquiry and not inquiry.erased_at:
            context["asked"] = asked_times(self.of_buyer(request, inquiry).count())
        return super().render_change_form(request, context, *args, **kwargs)

    def of_buyer(self, request: HttpRequest, inquiry: Inquiry) -> InquiryQuerySet:
        """What the reader may see of all that the buyer of `inquiry` asked."""
        visible = cast(InquiryQuerySet, self.get_queryset(request))
        return visible.asked_by(inquiry.email)

    def buyer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything that this e-mail address asked, and apart from it what its company did."""
        inquiry = self.visible(request, pk)
        theirs = self.of_buyer(request, inquiry)
        visible = cast(InquiryQuerySet, self.get_queryset(request))
        colleagues = visible.of_company(inquiry.company).exclude(pk__in=theirs.values("pk"))
        return self.show(
            request,
            "buyer",
            inquiry,
            inquiry.name or _("Erased"),
            asked=_page_of(theirs, request.GET.get("page")),
            by_company=_page_of(colleagues, request.GET.get("company_page")),
            facts=_facts(theirs),
            statuses=_statuses(theirs),
            may_erase=may_erase(request.user),
        )


def asked_times(times: int) -> str:
    """How often a buyer has asked, in words."""
    if times == 1:
        return _("This buyer has asked once")
    text = ngettext(
        "This buyer has asked %(count)d time", "This buyer has asked %(count)d times", times
    )
    return text % {"count": times}


def _page_of(inquiries: InquiryQuerySet, number: str | None) -> Page:
    """One page of them, newest first, each with its last event."""
    events = InquiryEvent.objects.filter(inquiry=OuterRef("pk")).order_by("-at", "-pk")
    last = {
        "last_kind": Subquery(events.values("kind")[:1]),
        "last_at": Subquery(events.values("at")[:1]),
    }
    rows = inquiries.order_by("-created_at", "-pk").annotate(**last)
    page = Paginator(rows, ON_A_PAGE).get_page(number)
    row: Any
    for row in page.object_list:
        row.last_event = InquiryEvent.Kind(row.last_kind).label if row.last_kind else ""
    return page


def _facts(inquiries: QuerySet[Inquiry]) -> dict[str, Any]:
    """What the buyer gave of themselves, each value once, and when they first and last asked."""
    plain = inquiries.order_by().prefetch_related(None).select_related(None)
    facts: dict[str, Any] = plain.aggregate(
        times=Count("pk"), first=Min("created_at"), last=Max("created_at")
    )
    given: dict[str, set[str]] = {"name": set(), "company": set(), "phone": set(), "country": set()}
    for values in plain.values(*given).distinct()[: MOST_VALUES * 5]:
        for field, value in values.items():
            given[field].add(value)
    facts["names"], facts["companies"], facts["phones"] = (
        sorted(given[field] - {""})[:MOST_VALUES] for field in ("name", "company", "phone")
    )
    facts["countries"] = [countries.name(code) or code for code in sorted(given["country"] - {""})]
    return facts


def _statuses(inquiries: QuerySet[Inquiry]) -> list[tuple[str, str, int]]:
    """Each status that occurs: its value, its name, and how many have it."""
    plain = inquiries.order_by().prefetch_related(None).select_related(None)
    counted = dict(plain.values_list("status").annotate(Count("pk")))
    return [(s.value, str(s.label), counted[s.value]) for s in Inquiry.Status if s.value in counted]
