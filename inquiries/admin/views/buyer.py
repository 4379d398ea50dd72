"""The page of a buyer, with the inquiries of the buyer and of the same company."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django_countries import countries

from core.admin.staff_views import StaffRequest, staff_view
from inquiries.models import Inquiry, InquiryEvent, InquiryQuerySet
from inquiries.permissions import may_erase

PAGE_SIZE = 20
MAX_VALUES = 20  # names, companies, countries or telephone numbers of one buyer


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def buyer(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Show the inquiries of this buyer, and of the same company, that the user may see."""
    visible = Inquiry.objects.visible_to(request.user)
    from_buyer = visible.from_buyer_of(inquiry)
    from_company = visible.from_company(inquiry.company).exclude(pk__in=from_buyer.values("pk"))
    context = {
        "title": inquiry.name or _("Erased"),
        "inquiry": inquiry,
        "from_buyer": _page(from_buyer, request.GET.get("page")),
        "from_company": _page(from_company, request.GET.get("company_page")),
        "facts": _facts(from_buyer),
        "statuses": _statuses(from_buyer),
        "may_erase": may_erase(request.user),
    }
    return TemplateResponse(request, "admin/inquiries/inquiry/buyer.html", context)


def _page(inquiries: InquiryQuerySet, number: str | None) -> Page:
    """A page of pairs, newest first: an inquiry and the label of its last event."""
    events = InquiryEvent.objects.filter(inquiry=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        inquiries.select_related("assigned_to")
        .prefetch_related("lines")
        .order_by("-created_at", "-pk")
        .annotate(
            last_event_kind=Subquery(events.values("kind")[:1]),
            last_event_at=Subquery(events.values("at")[:1]),
        )
    )
    page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(number)
    labels = dict(InquiryEvent.Kind.choices)
    page.object_list = [(row, labels.get(row.last_event_kind, "")) for row in page.object_list]
    return page


def _facts(inquiries: QuerySet[Inquiry]) -> dict[str, Any]:
    """The buyer's names, companies, phones and countries; the number and dates of inquiries."""
    rows = inquiries.order_by()
    facts: dict[str, Any] = rows.aggregate(
        times=Count("pk"), first=Min("created_at"), last=Max("created_at")
    )
    given: dict[str, set[str]] = {"name": set(), "company": set(), "phone": set(), "country": set()}
    for values in rows.values(*given).distinct()[: MAX_VALUES * 5]:
        for field, value in values.items():
            given[field].add(value)
    facts["names"], facts["companies"], facts["phones"] = (
        sorted(given[field] - {""})[:MAX_VALUES] for field in ("name", "company", "phone")
    )
    facts["countries"] = [countries.name(code) or code for code in sorted(given["country"] - {""})]
    return facts


def _statuses(inquiries: QuerySet[Inquiry]) -> list[tuple[str, str, int]]:
    """The value, label and number of inquiries of each status."""
    counts = dict(inquiries.order_by().values_list("status").annotate(Count("pk")))
    return [(s.value, str(s.label), counts[s.value]) for s in Inquiry.Status if s.value in counts]
