"""The yearly check of numbers and e-mail addresses: a list of findings and of all contacts."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.models import Company, Contact
from contacts.services.yearly_check import mark_checked
from contacts.yearly_check import Card, Finding, find_problems, is_check_due
from core.admin.staff_views import StaffRequest, staff_view

MAX_CONTACTS = 200
MAX_FINDINGS = 300


class CardRow(NamedTuple):
    """The company or a contact, with the URLs of its form and of its “Checked” button."""

    card: Card
    change_url: str
    mark_checked_url: str
    is_on_site: bool


@staff_view(permission="contacts.change_contact")
def yearly_check(request: StaffRequest) -> HttpResponse:
    """All findings, and the contacts, starting with those whose last check is oldest."""
    company = Company.get_solo()
    oldest_check = F("checked_on").asc(nulls_first=True)
    ordered = Contact.objects.select_related("user").order_by(oldest_check, "order", "name")
    contacts = list(ordered[: MAX_CONTACTS + 1])
    is_limited = len(contacts) > MAX_CONTACTS
    cards: list[Card] = [company, *contacts[:MAX_CONTACTS]]
    findings = find_problems(company, contacts[:MAX_CONTACTS])
    context = {
        "title": _("Check contact details"),
        "opts": Contact._meta,
        "groups": list(_group_by_kind(findings[:MAX_FINDINGS])),
        "more": len(findings) - MAX_FINDINGS,
        "cards": [(_make_row(card), is_check_due(card, company.today)) for card in cards],
        "limit": MAX_CONTACTS if is_limited else 0,
    }
    return TemplateResponse(request, "admin/contacts/contact/yearly_check.html", context)


@staff_view(permission="contacts.change_contact")
@require_POST
def mark_contact_checked(request: StaffRequest, pk: int) -> HttpResponse:
    return _mark_checked(request, get_object_or_404(Contact, pk=pk))


@staff_view(permission="contacts.change_company")
@require_POST
def mark_company_checked(request: StaffRequest) -> HttpResponse:
    return _mark_checked(request, Company.get_solo())


def _mark_checked(request: StaffRequest, card: Card) -> HttpResponse:
    mark_checked(card, by=request.user)
    messages.success(
        request, _("%(name)s: contact details checked for this year.") % {"name": card}
    )
    return redirect("admin:contacts_yearly_check")


def _make_row(card: Card) -> CardRow:
    if isinstance(card, Company):
        return CardRow(
            card,
            reverse("admin:contacts_company_changelist"),
            reverse("admin:contacts_mark_company_checked"),
            is_on_site=True,
        )
    return CardRow(
        card,
        reverse("admin:contacts_contact_change", args=[card.pk]),
        reverse("admin:contacts_mark_contact_checked", args=[card.pk]),
        is_on_site=card.is_active,
    )


def _group_by_kind(
    findings: list[Finding],
) -> Iterator[tuple[str, list[tuple[list[CardRow], str]]]]:
    """The heading of each kind, with the rows and the text of each of its findings."""
    for kind, group in groupby(findings, key=lambda finding: finding.kind):
        yield str(kind.label), [(list(map(_make_row, one.cards)), one.text) for one in group]
