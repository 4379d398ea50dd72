"""Which inquiries wait for an answer, until when, and of whom."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from contacts.models import Company, Contact
from inquiries.mail.managers import is_address
from inquiries.models.events import InquiryEvent

if TYPE_CHECKING:
    from inquiries.models import Inquiry  # noqa: F401


class WaitingQuerySet(models.QuerySet["Inquiry"]):
    """The part of the inquiries' queryset that knows of deadlines."""

    def waiting(self) -> Self:
        """Those whose buyer waits for an answer that was promised."""
        return self.filter(status__in=self.model.WAITING)

    def overdue(self) -> Self:
        """Those whose first answer is late."""
        return self.waiting().filter(due_at__lt=timezone.now())

    def due_today(self) -> Self:
        """Those to be answered before the company's day ends, and not late yet."""
        return self.waiting().filter(due_at__gte=timezone.now(), due_at__lt=_tomorrow())

    def not_urgent(self) -> Self:
        """Those of which no answer is late or due today."""
        return self.exclude(status__in=self.model.WAITING, due_at__lt=_tomorrow())

    def by_answerer(self) -> list[tuple[Contact | None, Self]]:
        """These, for each contact who answers them today; None stands for the managers.

        The managers have what is nobody's, and what belongs to somebody who is not there and has
        no substitute, or who has no e-mail address.
        """
        owners = self.order_by().values_list("assigned_to", flat=True).distinct()
        stand_ins = Contact.objects.stand_ins()
        answering = {pk: stand_ins.get(pk, pk) for pk in owners if pk is not None}
        there = Contact.objects.select_related("user").in_bulk(set(answering.values()) - {None})
        reached = {
            pk: contact
            for pk, contact in there.items()
            if contact.address and is_address(contact.address)
        }
        theirs = [
            (contact, self.filter(assigned_to__in=[k for k, v in answering.items() if v == pk]))
            for pk, contact in reached.items()
        ]
        known = [pk for pk, answerer in answering.items() if answerer in reached]
        others = models.Q(assigned_to=None) | ~models.Q(assigned_to__in=known)
        return [*theirs, (None, self.filter(others))]


def _tomorrow() -> datetime:
    """When the company's day ends."""
    company = Company.get_solo()
    return datetime.combine(company.today + timedelta(days=1), time.min, company.zone)


def messages_since(moment: datetime) -> models.Exists:
    """Whether an inquiry's buyer has written after `moment`, and has no answer yet."""
    kinds, events = InquiryEvent.Kind, InquiryEvent.objects
    later = events.filter(inquiry=models.OuterRef("inquiry"), at__gt=models.OuterRef("at"))
    return models.Exists(
        events.filter(
            ~models.Exists(later.filter(kind=kinds.ANSWERED)),
            inquiry=models.OuterRef("pk"),
            kind__in=[kinds.WROTE, kinds.JOINED],
            at__gt=moment,
        )
    )
