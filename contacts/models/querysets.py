"""Who is there, and who answers for those who are not."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, FilteredRelation, Q

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
        """Each with `away_until`, the last day of today's absence, if any."""
        covers_today = Q(
            absences__first_day__lte=company.today, absences__last_day__gte=company.today
        )
        return self.annotate(
            absence=FilteredRelation("absences", condition=covers_today),
            away_until=F("absence__last_day"),
        )

    def stand_ins(self) -> dict[int, int | None]:
        """Whoever is not there today, inactive or away, and the contact who answers instead.

        Keys and values are primary keys. A substitute who is away too hands on to their own;
        None stands where that leads to nobody. Two queries, whatever this queryset is narrowed to.
        """
        gone = (
            self._everybody()
            .with_absence(Company.get_solo())
            .filter(Q(is_active=False) | Q(away_until__isnull=False))
        )
        substitutes = dict(gone.values_list("pk", "absence__substitute"))
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
        """The first `most` of these, knowing all that their cards show, in few queries."""
        contacts: list[Contact] = list(self.with_absence(company)[:most])
        at_hand = {contact.pk: contact for contact in contacts}
        stand_ins: dict[int, int | None] = {}
        if any(contact.away_until or not contact.is_active for contact in contacts):
            stand_ins = self.stand_ins()
            at_hand |= self._everybody().in_bulk(
                {pk for pk in stand_ins.values() if pk and pk not in at_hand}
            )
        for contact in contacts:
            contact.company = company
            answers = stand_ins.get(contact.pk, contact.pk)
            contact.responsible = at_hand[answers] if answers else None
        return contacts

    def _everybody(self) -> Self:
        return type(self)(self.model, using=self.db)


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
