"""The yearly look at numbers and addresses, as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.models import Company, Contact
from contacts.yearly_check import Card, Finding, findings

MOST_CARDS = 200
MOST_FINDINGS = 300


@dataclass(frozen=True)
class Row:
    """A card with the addresses of its form and of its button."""

    card: Card
    form: str
    checked: str
    is_shown: bool

    @classmethod
    def of(cls, card: Card) -> "Row":
        if isinstance(card, Company):
            form, checked = "admin:contacts_company_changelist", "admin:contacts_company_checked"
            return cls(card, reverse(form), reverse(checked), is_shown=True)
        form, checked = "admin:contacts_contact_change", "admin:contacts_contact_checked"
        args = [card.pk]
        return cls(card, reverse(form, args=args), reverse(checked, args=args), card.is_active)


class CheckingMixin(admin.ModelAdmin):
    """For the ModelAdmin of contacts: who may change them looks them over."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("check/", view(self.check_cards), name="contacts_contact_check"),
            path(
                "check/company/",
                view(require_POST(self.company_checked)),
                name="contacts_company_checked",
            ),
            path(
                "check/<int:pk>/",
                view(require_POST(self.contact_checked)),
                name="contacts_contact_checked",
            ),
            *super().get_urls(),
        ]

    def check_cards(self, request: HttpRequest) -> HttpResponse:
        """All findings, and the cards, those first that were not checked for longest."""
        self._require(self.has_change_permission(request))
        company = Company.get_solo()
        longest_ago = F("checked_on").asc(nulls_first=True)
        people = Contact.objects.select_related("user").order_by(longest_ago, "order", "name")
        looked_at = list(people[: MOST_CARDS + 1])
        contacts = looked_at[:MOST_CARDS]
        found = findings(company, contacts)
        cards: list[Card] = [company, *contacts]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Numbers and addresses"),
            "opts": self.opts,
            "groups": list(_grouped(found[:MOST_FINDINGS])),
            "more": len(found) - MOST_FINDINGS,
            "cards": [(Row.of(card), card.is_due(company.today)) for card in cards],
            "limit": MOST_CARDS if len(looked_at) > MOST_CARDS else 0,
        }
        return render(request, "admin/contacts/contact/check.html", context)

    def contact_checked(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = get_object_or_404(Contact, pk=pk)
        self._require(self.has_change_permission(request, contact))
        return self._checked(request, contact)

    def company_checked(self, request: HttpRequest) -> HttpResponse:
        self._require(request.user.has_perm("contacts.change_company"))
        return self._checked(request, Company.get_solo())

    def _checked(self, request: HttpRequest, card: Card) -> HttpResponse:
        card.mark_checked(Company.get_solo().today)
        self.log_change(request, card, _("Numbers and addresses checked."))
        sentence = _("%(name)s is checked for this year.") % {"name": card}
        self.message_user(request, sentence, messages.SUCCESS)
        return redirect(reverse("admin:contacts_contact_check"))

    @staticmethod
    def _require(allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied


def _grouped(found: list[Finding]) -> Iterator[tuple[str, list[tuple[list[Row], str]]]]:
    """A heading for each kind, and under it the cards and what is said of them."""
    for kind, rows in groupby(found, key=lambda finding: finding.kind):
        yield str(kind.label), [(list(map(Row.of, row.cards)), row.text) for row in rows]
