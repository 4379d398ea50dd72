"""Who gets a new inquiry, and why. Nothing is written here: see `Inquiry.assign_new`.

Inquiries ask this module whose they are, so it imports their model where it needs it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from inquiries.models.desk import Desk
from inquiries.models.rules import AssignmentRule
from products.models import Category

if TYPE_CHECKING:
    from inquiries.models import Inquiry

# What follows the contact's name; an event keeps the key.
REASONS: dict[str, Promise] = {
    "asked": _("%(contact)s, as the buyer asked"),
    "rule": _("%(contact)s, by the rule “%(rule)s”"),
    "shared": _("%(contact)s, who had the fewest open inquiries"),
}


@dataclass(frozen=True)
class Asking:
    """What decides whose an inquiry is. Numbers are primary keys."""

    language: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    email: str = ""
    products: tuple[int, ...] = ()
    category: int | None = None  # asked about as a whole
    chosen_contact: int | None = None  # the contact on whose card the visitor asked
    inquiry: int = 0  # this one, which makes nobody a returning buyer

    @classmethod
    def of(cls, inquiry: "Inquiry") -> "Asking":
        """What an inquiry that is kept already says."""
        products = inquiry.lines.exclude(product=None).values_list("product", flat=True)
        return cls(
            language=inquiry.language,
            country=str(inquiry.country),
            email=inquiry.email,
            products=tuple(products),
            chosen_contact=inquiry.chosen_contact_id,
            inquiry=inquiry.pk,
        )

    @cached_property
    def categories(self) -> set[int]:
        """The categories that are asked about, with all that they are part of."""
        chosen = [self.category] if self.category else []
        asked = Category.objects.filter(Q(products__in=self.products) | Q(pk__in=chosen))
        rows = asked.values_list("pk", "parent", "parent__parent")
        return {pk for row in rows for pk in row if pk}

    @cached_property
    def earlier(self) -> list[int | None]:
        """Who had the last of the buyer's other inquiries; empty where there is no other.

        What nobody was assigned to counts only where there is nothing else, as None.
        """
        from inquiries.models import Inquiry

        genuine = Inquiry.objects.asked_by(self.email).exclude(status=Inquiry.Status.SPAM)
        latest = genuine.exclude(pk=self.inquiry).order_by(
            IsNull(F("assigned_to"), True), "-created_at", "-pk"
        )
        return list(latest.values_list("assigned_to", flat=True)[:1])


@dataclass(frozen=True)
class Trial:
    """What one rule says: whom it names, who is there for them today, and what speaks against."""

    rule: AssignmentRule
    named: int | None
    answering: int | None
    against: list[str]

    @property
    def fits(self) -> bool:
        return not self.against


@dataclass(frozen=True)
class Decision:
    """Who gets it, by a key of REASONS; `absent` is whom they stand in for."""

    contact: Contact
    reason: str
    rule: AssignmentRule | None = None
    absent: Contact | None = None

    @property
    def text(self) -> str:
        """What the event keeps, a line for each part; `say` puts it into words."""
        parts = [self.contact.name, self.reason, str(self.rule or ""), str(self.absent or "")]
        return "\n".join(" ".join(part.split()) for part in parts).rstrip()

    def __str__(self) -> str:
        return say(self.text)


def decide(asking: Asking, takes_turns: bool = False) -> Decision | None:
    """Who gets what is asked: the contact that was asked for, the first rule's that fits, or
    whoever has the least to do, if the company shares out; else nobody.

    `takes_turns` has those wait for each other, until their transactions end, who share out at the
    same moment. The number of queries depends neither on the rules nor on the products.
    """
    stand_ins = Contact.objects.stand_ins()
    chosen_contact = asking.chosen_contact
    if chosen_contact and (answering := stand_ins.get(chosen_contact, chosen_contact)):
        return _decision("asked", chosen_contact, answering)
    rules = AssignmentRule.objects.filter(is_active=True)
    for trial in try_rules(rules, asking, stand_ins):
        if trial.fits and trial.named and trial.answering:
            return _decision("rule", trial.named, trial.answering, trial.rule)
    if Desk.get_solo().shares_out:
        if takes_turns:
            Desk.objects.select_for_update(no_key=True).get()
        if least_busy := _least_busy():
            return Decision(least_busy, "shared")
    return None


def try_rules(
    rules: Iterable[AssignmentRule], asking: Asking, stand_ins: dict[int, int | None]
) -> Iterator[Trial]:
    """What each of the rules says; `stand_ins` as `ContactQuerySet.stand_ins` tells them."""
    for rule in rules:
        against = list(rule.misses(asking))
        named = rule.contact_id
        if named is None and not against:
            named = asking.earlier[0]
        answering = stand_ins.get(named, named) if named else None
        if not against and named is None:
            against.append(gettext("nobody had the buyer’s earlier inquiries"))
        elif not against and answering is None:
            against.append(gettext("the contact is not there, and nobody stands in"))
        yield Trial(rule, named, answering, against)


def say(text: str) -> str:
    """Whose an inquiry became, and why, out of what an event keeps, in words."""
    contact, reason, rule, absent = (*text.split("\n"), "", "", "")[:4]
    if reason not in REASONS:
        return contact
    said = str(REASONS[reason]) % {"contact": contact, "rule": rule}
    if absent:
        return gettext("%(said)s, in place of %(absent)s") % {"said": said, "absent": absent}
    return said


def _decision(
    reason: str, named: int, answering: int, rule: AssignmentRule | None = None
) -> Decision:
    people = Contact.objects.select_related("user").in_bulk([named, answering])
    absent = people[named] if answering != named else None
    return Decision(people[answering], reason, rule, absent)


def _least_busy() -> Contact | None:
    """Of those who are there, whoever has the fewest open inquiries; in their order where equal."""
    from inquiries.models import Inquiry

    people = Contact.objects.available().select_related("user")
    counted = people.annotate(open_inquiries=Inquiry.objects.open().count_by_contact())
    return counted.order_by("open_inquiries", "order", "pk").first()
