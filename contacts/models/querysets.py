"""Who is there, and who answers for those who are not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from contacts.models.company import Company

if TYPE_CHECKING:
    from contacts.models.contacts import Contact


class ContactQuerySet(models.QuerySet["Contact"]):
    """What depends on the day takes it when called: ask anew for each request."""

    def active(self) -> Self:
        """The contacts who are shown on the site and may be given inquiries."""
        return self.filter(is_active=True)

    def available(self) -> Self:
        """Active and not away today."""
        return self.active().with_absence(Company.get_solo()).filter(away_until=None)

    def with_absence(self, company: Company) -> Self:
        """Each with the `away_until` and the `substitute_id` of today's absence, if any."""
        absences = apps.get_model("contacts", "Absence").objects.on(company.today)
        today = absences.filter(contact=OuterRef("pk")).order_by("-last_day")
        return self.annotate(
            away_until=Subquery(today.values("last_day")[:1]),
            substitute_id=Subquery(today.values("substitute")[:1]),
        )

    def stand_ins(self, company: Company | None = None) -> dict[int, int | None]:
        """Whoever is not there today, inactive or away, and the contact who answers instead.

        Keys and values are primary keys. A substitute who is away too hands on to their own;
        None stands where that leads to nobody. Two queries (one where the company is at hand),
        whatever this queryset is narrowed to.
        """
        gone = (
            self._everybody()
            .with_absence(company or Company.get_solo())
            .filter(Q(is_active=False) | Q(away_until__isnull=False))
        )
        substitutes = dict(gone.values_list("pk", "substitute_id"))
        return {pk: _end_of_chain(pk, substitutes) for pk in substitutes}

    def answered_by(self, user: Any) -> list[int]:
        """The contacts whose inquiries `user` answers today: their own, and whom they stand in for.

        Primary keys; none for an account that belongs to no contact.
        """
        own = self._everybody().filter(user=user.pk).values_list("pk", flat=True).first()
        if user.pk is None or own is None:
            return []
        return [own, *(pk for pk, stand_in in self.stand_ins().items() if stand_in == own)]

    def for_cards(self, company: Company, most: int) -> list["Contact"]:
        """The first `most` of these, knowing all that their cards show.

        That is one query, and two more where somebody answers who is not among them.
        """
        contacts: list[Contact] = list(self.with_absence(company)[:most])
        tell_who_answers(contacts, company)
        return contacts

    def _everybody(self) -> Self:
        return type(self)(self.model, using=self.db)


def tell_who_answers(contacts: Iterable["Contact"], company: Company) -> None:
    """Set what `with_absence` leaves open on `contacts`, so that no row asks for itself."""
    at_hand = {contact.pk: contact for contact in contacts}
    gone = {c.pk: c.substitute_id for c in at_hand.values() if c.away_until or not c.is_active}
    answers = {pk: _end_of_chain(pk, gone) for pk in gone}
    if not at_hand.keys() >= {pk for pk in answers.values() if pk}:
        everybody = type(next(iter(at_hand.values()))).objects
        stand_ins = everybody.stand_ins(company)
        answers = {pk: stand_ins.get(pk) for pk in gone}
        at_hand |= everybody.in_bulk({pk for pk in answers.values() if pk} - at_hand.keys())
    for contact in contacts:
        contact.company = company
        contact.responsible = at_hand.get(answers.get(contact.pk, contact.pk) or 0)


def _end_of_chain(pk: int, substitutes: dict[int, int | None]) -> int | None:
    """Whoever is there, going from substitute to substitute; None at a dead end or in a circle."""
    seen: set[int] = set()
    at: int | None = pk
    while at in substitutes:
        if at in seen:
            return None
        seen.add(at)
        at = substitutes[at]
    return at
