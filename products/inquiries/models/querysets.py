"""Which inquiries there are for whom, and how a new one is kept."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from products.inquiries import emails

if TYPE_CHECKING:
    from products.inquiries.models import Inquiry

REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that are mistaken on the telephone
REFERENCE_LENGTH = 8
SIGNING_SALT = "products.inquiries.reference"


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: User) -> Self:
        """What `user` may see: everything for who may assign, else what is theirs to answer."""
        if user.has_perm("inquiries.assign_inquiry"):
            return self
        return self.filter(assigned_to__user=user)

    def open(self) -> Self:
        """Those that somebody still has to do something about."""
        return self.filter(status__in=self.model.OPEN)

    def unassigned(self) -> Self:
        return self.filter(status=self.model.Status.NEW)

    def overdue(self) -> Self:
        """Those whose first answer is late."""
        return self.filter(
            status__in=[self.model.Status.NEW, self.model.Status.ASSIGNED],
            due_at__lt=timezone.now(),
        )

    def receive(self, lines: list[dict[str, Any]], **fields: Any) -> "Inquiry":
        """Keep a visitor's inquiry, with its reference and its first event, and tell the managers.

        `lines` holds `product`, `quantity` and `unit` of each product asked for; `fields` are the
        inquiry's own. All of it is kept, mail included, or none.
        """
        with transaction.atomic():
            inquiry = self._create_with_reference(**fields)
            for line in lines:
                inquiry.lines.create(**line)
            inquiry.record("received")
            emails.tell_managers(inquiry)
        return inquiry

    def _create_with_reference(self, **fields: Any) -> "Inquiry":
        """A new row under a reference that no other has."""
        while True:
            reference = get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS)
            try:
                with transaction.atomic():
                    return self.create(reference=reference, **fields)
            except IntegrityError:
                if not self.filter(reference=reference).exists():
                    raise

    def by_token(self, token: str) -> "Inquiry":
        """The inquiry that `Inquiry.token` was made of.

        Raises Inquiry.DoesNotExist for a token that was not made here.
        """
        try:
            return self.get(reference=signing.Signer(salt=SIGNING_SALT).unsign(token))
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error
