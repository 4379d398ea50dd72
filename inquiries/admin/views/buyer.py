"""The page of a buyer, with the inquiries of the buyer and of the same company."""

from collections import Counter
from typing import Any

from django.core.paginator import Page
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django_countries import countries

from core.admin.staff_views import StaffRequest, staff_view
from core.pagination import KeysetPaginator
from inquiries.models import Inquiry, InquiryEvent, InquiryQuerySet
from inquiries.permissions import may_erase

PAGE_SIZE = 20
MAX_VALUES = 20  # names, companies, countries or telephone numbers of one buyer
MAX_INQUIRIES = 1000  # read for the facts about a buyer; the list has all of them


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def buyer(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Show the inquiries of this buyer, and of the same company, that the user may see."""
    visible = Inquiry.objects.visible_to(request.user)
    from_buyer = visible.from_buyer_of(inquiry)
    from_company = visible.from_company(inquiry.company).from_others_than(inquiry)
    context = {
        "title": inquiry.name or _("Erased"),
        "inquiry": inquiry,
        "from_buyer": _page(from_buyer, request.GET.get("page")),
        "from_company": _page(from_company, request.GET.get("company_page")),
        "facts": _facts(from_buyer),
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
    page: Page[Any] = KeysetPaginator(rows, PAGE_SIZE).get_page(number)
    labels = dict(InquiryEvent.Kind.choices)
    page.object_list = [(row, labels.get(row.last_event_kind, "")) for row in page.object_list]
    return page


def _facts(inquiries: InquiryQuerySet) -> dict[str, Any]:
    """The buyer's names, companies, phones and countries; the number and dates of inquiries.

    With more than `MAX_INQUIRIES`, `has_more` is true, and the latest ones are read.
    """
    fields = ("name", "company", "phone", "country", "status", "created_at")
    rows = list(inquiries.order_by("-created_at", "-pk").values(*fields)[: MAX_INQUIRIES + 1])
    has_more = len(rows) > MAX_INQUIRIES
    rows = rows[:MAX_INQUIRIES]
    oldest = inquiries.order_by("created_at").values(*fields).first() if has_more else None
    statuses = Counter(row["status"] for row in rows if not has_more)
    codes = sorted({row["country"] for row in rows} - {""})
    return {
        "times": len(rows),
        "has_more": has_more,
        "first": (oldest or rows[-1])["created_at"],
        "last": rows[0]["created_at"],
        "names": _distinct(rows, "name"),
        "companies": _distinct(rows, "company"),
        "phones": _distinct(rows, "phone"),
        "countries": [countries.name(code) or code for code in codes],
        "statuses": [(s.value, s.label, statuses[s]) for s in Inquiry.Status if statuses[s]],
    }


def _distinct(rows: list[dict[str, Any]], field: str) -> list[str]:
    return sorted({row[field] for row in rows} - {""})[:MAX_VALUES]
