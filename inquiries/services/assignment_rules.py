"""Deciding by the rules which contact gets a new inquiry. Nothing is saved here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.functional import cached_property
from django.utils.translation import gettext

from contacts.models import Contact
from inquiries.models import (
    AssignmentReason,
    AssignmentRule,
    Inquiry,
    InquiryLine,
    InquirySettings,
)
from products.models import Category


@dataclass(frozen=True)
class AssignmentContext:
    """The values that decide the assignment of an inquiry. Integers are primary keys."""

    language: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    email: str = ""
    products: tuple[int, ...] = ()
    category: int | None = None  # without a product, in the test of the rules
    chosen_contact: int | None = None  # see `Inquiry.chosen_contact`
    inquiry: int = 0  # excluded from the buyer's earlier inquiries

    @classmethod
    def from_inquiry(cls, inquiry: Inquiry, lines: Iterable[InquiryLine] | None = None) -> Self:
        """The values of an inquiry; one that is not saved yet needs its `lines`."""
        if lines is None:
            lines = inquiry.lines.all()
        return cls(
            language=inquiry.language,
            country=str(inquiry.country),
            email=inquiry.email,
            products=tuple(line.product_id for line in lines if line.product_id),
            chosen_contact=inquiry.chosen_contact_id,
            inquiry=inquiry.pk or 0,
        )

    @cached_property
    def categories(self) -> set[int]:
        """The categories of the requested products, with their parents."""
        chosen = [self.category] if self.category else []
        requested = Category.objects.filter(Q(products__in=self.products) | Q(pk__in=chosen))
        rows = requested.values_list("pk", "parent", "parent__parent")
        return {pk for row in rows for pk in row if pk}

    @cached_property
    def earlier_contacts(self) -> list[int | None]:
        """A list with the contact of the buyer's latest other inquiry; empty without one.

        Assigned inquiries take precedence; if none is assigned, the contact is None.
        """
        genuine = Inquiry.objects.from_buyer(self.email).exclude(status=Inquiry.Status.SPAM)
        latest = genuine.exclude(pk=self.inquiry).order_by(
            IsNull(F("assigned_to"), True), "-created_at", "-pk"
        )
        return list(latest.values_list("assigned_to", flat=True)[:1])


@dataclass(frozen=True)
class RuleResult:
    """The result of a rule: its contact, who is responsible today, and conditions not met."""

    rule: AssignmentRule
    contact: int | None
    responsible: int | None
    mismatches: list[str]

    @property
    def matches(self) -> bool:
        return not self.mismatches


@dataclass(frozen=True)
class AssignmentDecision:
    """The contact to assign, and the reason; `absent` is the contact whose substitute it is."""

    contact: Contact
    reason: AssignmentReason
    rule: AssignmentRule | None = None
    absent: Contact | None = None

    @property
    def event_data(self) -> dict[str, Any]:
        return assignment_data(self.contact, reason=self.reason, rule=self.rule, absent=self.absent)


def assignment_data(
    contact: Contact,
    *,
    reason: AssignmentReason | None = None,
    rule: AssignmentRule | None = None,
    absent: Contact | None = None,
) -> dict[str, Any]:
    """The data of an event of the kind `assigned`."""
    data: dict[str, Any] = {"contact": contact.pk, "contact_name": contact.name}
    if reason:
        data["reason"] = reason.value
    if rule:
        data |= {"rule": rule.pk, "rule_name": rule.name}
    if absent:
        data |= {"absent": absent.pk, "absent_name": absent.name}
    return data


def decide_assignment(
    context: AssignmentContext, *, lock: bool = False
) -> AssignmentDecision | None:
    """Decide who gets the inquiry: the chosen contact, else the contact of the first matching rule,
    else the least busy contact if the settings allow it. None if no contact is found.

    With `lock`, concurrent transactions choose the least busy contact one after another. The
    number of queries does not depend on the number of rules or products.
    """
    substitutes = Contact.objects.get_substitutes()
    chosen = context.chosen_contact
    if chosen and (responsible := substitutes.get(chosen, chosen)):
        return _decision(AssignmentReason.REQUESTED, chosen, responsible)
    for result in evaluate_rules(AssignmentRule.active(), context, substitutes):
        if result.matches and result.contact and result.responsible:
            return _decision(AssignmentReason.RULE, result.contact, result.responsible, result.rule)
    if InquirySettings.current().assigns_to_least_busy:
        if lock:
            InquirySettings.objects.select_for_update(no_key=True).get()
        if least_busy := _least_busy():
            return AssignmentDecision(least_busy, AssignmentReason.LEAST_BUSY)
    return None


def evaluate_rules(
    rules: Iterable[AssignmentRule],
    context: AssignmentContext,
    substitutes: dict[int, int | None],
) -> Iterator[RuleResult]:
    """The result of each rule; `substitutes` comes from `ContactQuerySet.get_substitutes`."""
    for rule in rules:
        mismatches = list(_mismatches(rule, context))
        contact = rule.contact_id
        if contact is None and not mismatches:
            contact = context.earlier_contacts[0]
        responsible = substitutes.get(contact, contact) if contact else None
        if not mismatches and contact is None:
            mismatches.append(gettext("the buyer's earlier inquiries were not assigned"))
        elif not mismatches and responsible is None:
            mismatches.append(gettext("the contact is unavailable and has no substitute"))
        yield RuleResult(rule, contact, responsible, mismatches)


def _mismatches(rule: AssignmentRule, context: AssignmentContext) -> Iterator[str]:
    """The conditions of a rule that are not met, as text; those without a query come first."""
    if not rule.is_active:
        yield gettext("the rule is inactive")
    if rule.language and rule.language != context.language:
        yield gettext("the inquiry is in another language")
    if rule.countries and context.country not in map(str, rule.countries):
        yield gettext("the inquiry is from another country")
    if rule.category_id and rule.category_id not in context.categories:
        yield gettext("no requested product is in this category")
    if rule.returning and not context.earlier_contacts:
        yield gettext("the buyer is not a returning buyer")


def _decision(
    reason: AssignmentReason, named: int, responsible: int, rule: AssignmentRule | None = None
) -> AssignmentDecision:
    rows = Contact.objects.select_related("user").only("name", "email", "is_active", "user__email")
    contacts = rows.in_bulk({named, responsible})
    absent = contacts[named] if responsible != named else None
    return AssignmentDecision(contacts[responsible], reason, rule, absent)


def _least_busy() -> Contact | None:
    """The available contact with the fewest open inquiries; among equals, the first by `order`."""
    contacts = Contact.objects.available().select_related("user")
    counted = contacts.annotate(open_inquiries=Inquiry.objects.open().count_by_contact())
    return counted.order_by("open_inquiries", "order", "pk").first()
