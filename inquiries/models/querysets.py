"""Which inquiries there are for whom, and how a new one is kept."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.contrib.auth.models import User
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import get_random_string

from contacts.models import Contact
from inquiries.files import PreparedFile
from inquiries.mail import staff
from inquiries.models.buyers import in_any_case
from inquiries.models.events import InquiryEvent
from inquiries.models.references import FormerReference
from inquiries.models.waiting import WaitingQuerySet
from inquiries.permissions import sees_all
from inquiries.screening import Submission, Verdict, screen
from products.models import Product

if TYPE_CHECKING:
    from inquiries.inbound_mail.message import IncomingMail
    from inquiries.models import Inquiry

REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that are mistaken on the telephone
REFERENCE_LENGTH = 8
REFERENCE = re.compile(r"\b[A-Z0-9]{8,12}\b")  # what may be one
MOST_NAMED = 20
SAME_WITHIN = timedelta(days=1)
STATUS_LINK_AGE = timedelta(days=400)
STATUS_SALT = "products.inquiries.status"
SIGNING_SALT = "products.inquiries.reference"


class InquiryQuerySet(WaitingQuerySet):
    """Inquiries by who may see them, by buyer and by what they wait for; and the way in."""

    def visible_to(self, user: User) -> Self:
        """What `user` may see: everything for who may assign, else what is theirs to answer.

        That is also what belongs to those for whom they stand in today.
        """
        if sees_all(user):
            return self
        return self.filter(assigned_to__in=Contact.objects.answered_by(user))

    def open(self) -> Self:
        """Those that somebody still has to do something about."""
        return self.filter(status__in=self.model.OPEN)

    def stranded(self) -> Self:
        """Open ones of contacts who are not there today, and for whom nobody stands in."""
        stand_ins = Contact.objects.stand_ins()
        gone = [pk for pk, stand_in in stand_ins.items() if stand_in is None]
        return self.open().filter(assigned_to__in=gone)

    def count_by_contact(self) -> Coalesce:
        """How many of these each contact has, for a queryset of contacts to be annotated with."""
        of_each = self.filter(assigned_to=models.OuterRef("pk")).order_by().values("assigned_to")
        count = of_each.annotate(count=models.Count("pk")).values("count")
        return Coalesce(models.Subquery(count), 0)

    def asked_by(self, email: str) -> Self:
        """Those of one buyer, who is known by the e-mail address in whatever case."""
        return self.filter(in_any_case("email", email)).exclude(email="")

    def of_company(self, name: str) -> Self:
        """Those of all who gave this name of a company, in whatever case."""
        return self.filter(in_any_case("company", name)).exclude(company="")

    def known_as(self, reference: str) -> "Inquiry":
        """The inquiry with this reference, be it the one it had before it was joined with another.

        Raises Inquiry.DoesNotExist for a reference that none of these has or had.
        """
        former = FormerReference.objects.filter(reference=reference).first()
        return self.get(pk=former.inquiry_id) if former else self.get(reference=reference)

    def asked_within(self, period: timedelta) -> Self:
        return self.filter(created_at__gt=timezone.now() - period)

    def to_be_erased(self) -> Self:
        """Those of which it was announced that their buyer's data goes."""
        return self.filter(erase_on__isnull=False)

    def held(self) -> Self:
        """Those that were taken for spam, or hold a message that was."""
        # Not `Exists`, which a database would look up for each row that it reads.
        return self.filter(
            models.Q(status=self.model.Status.SPAM) | models.Q(pk__in=self.withheld()),
            erased_at=None,
        )

    def count_held(self) -> int:
        """How many those are, counted in two parts, each of which has its index."""
        kept, spam = self.filter(erased_at=None), self.model.Status.SPAM
        messages = kept.filter(pk__in=self.withheld()).exclude(status=spam)
        return kept.filter(status=spam).count() + messages.count()

    @staticmethod
    def withheld() -> models.QuerySet:
        """The primary keys of those that hold a message that was taken for spam."""
        withheld = InquiryEvent.objects.filter(kind=InquiryEvent.Kind.WITHHELD)
        return withheld.order_by().values("inquiry")

    def receive(
        self,
        lines: list[dict[str, Any]],
        key: UUID | None = None,
        submission: Submission | None = None,
        files: Sequence[PreparedFile] = (),
        **fields: Any,
    ) -> "Inquiry":
        """Keep what a visitor asks, and tell the staff; returns the inquiry it is kept in.

        `lines` holds `product`, `quantity` and `unit` of each product asked for; `fields` are the
        inquiry's own. `submission` is what a visitor sent: it is screened, and acknowledged or
        held; None for what others enter or import. `files` are what was sent along.

        What comes a second time with the same `key` is kept once. What the same buyer asked about
        the same products less than a day ago is joined to that inquiry. All of it is kept, mail
        included, or none.
        """
        try:
            with transaction.atomic():
                if first := self._with_key(key):
                    return first
                if submission and (verdict := screen(submission)).is_held:
                    return self._hold(lines, key, verdict, files, fields)
                if first := self._join_first(lines, key, files, fields):
                    return first
                inquiry = self._start(lines, key, files, fields)
                if not inquiry.assign_new():
                    staff.tell_managers(inquiry)
                if submission:
                    inquiry.acknowledge(submission.sender)
                return inquiry
        except IntegrityError:  # the same sending was kept in another process meanwhile
            if first := self._with_key(key):
                return first
            raise

    def of_mail(self, mail: "IncomingMail") -> "Inquiry | None":
        """The inquiry that a mail belongs to: by what it answers, else by subject and sender.

        A reference alone is not enough, since others may have read it.
        """
        events = InquiryEvent.objects.filter(message_id__in=mail.answers).exclude(message_id="")
        if event := events.select_related("inquiry").order_by("-at", "-pk").first():
            return event.inquiry
        named = set(REFERENCE.findall(mail.subject.upper())[:MOST_NAMED])
        if inquiry := self.asked_by(mail.sender).filter(reference__in=named).first():
            return inquiry
        former = FormerReference.objects.given_to(mail.sender).filter(reference__in=named)
        joined = former.select_related("inquiry").first()
        return joined.inquiry if joined else None

    def _with_key(self, key: UUID | None) -> "Inquiry | None":
        """The inquiry that holds what was sent with this key."""
        return self.filter(events__key=key).first() if key else None

    def _start(
        self,
        lines: list[dict[str, Any]],
        key: UUID | None,
        files: Sequence[PreparedFile],
        fields: dict[str, Any],
    ) -> "Inquiry":
        """A new inquiry, with its reference and its first event."""
        inquiry = self.create_with_reference(**fields)
        inquiry.record("received", key=key).attach(files)
        for line in lines:
            inquiry.lines.create(**line)
        return inquiry

    def _hold(
        self,
        lines: list[dict[str, Any]],
        key: UUID | None,
        verdict: Verdict,
        files: Sequence[PreparedFile],
        fields: dict[str, Any],
    ) -> "Inquiry":
        """Keep what looks like spam, with the reasons; nobody is told until it is released."""
        inquiry = self._start(lines, key, files, fields | {"status": self.model.Status.SPAM})
        inquiry.record("held", text=" ".join(verdict.reasons))
        return inquiry

    def _join_first(
        self,
        lines: list[dict[str, Any]],
        key: UUID | None,
        files: Sequence[PreparedFile],
        fields: dict[str, Any],
    ) -> "Inquiry | None":
        """Add what is asked to the buyer's earlier inquiry about the same products, if there is."""
        products = [line["product"] for line in lines]
        if not products:
            return None
        # Whoever else asks about one of them waits until this is kept.
        locked = Product.objects.select_for_update(no_key=True).order_by("pk")
        list(locked.filter(pk__in=[product.pk for product in products]).values_list("pk"))
        first = self.open().asked_by(fields["email"]).asked_within(SAME_WITHIN)
        for product in products:
            first = first.filter(lines__product=product)
        inquiry = first.order_by("created_at", "pk").first()
        if inquiry is not None:
            asked = self.model(**fields).in_words(inquiry.lines.model(**line) for line in lines)
            inquiry.hear(asked, again=True, key=key, files=files)
        return inquiry

    def create_with_reference(self, **fields: Any) -> "Inquiry":
        """A new row under a reference that no other has."""
        while True:
            reference = get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS)
            if FormerReference.objects.filter(reference=reference).exists():
                continue
            try:
                with transaction.atomic():
                    return self.create(reference=reference, **fields)
            except IntegrityError:
                if not self.filter(reference=reference).exists():
                    raise

    def by_token(self, token: str) -> "Inquiry":
        """The inquiry whose `token` this is.

        Raises Inquiry.DoesNotExist for a token that was not made here.
        """
        try:
            return self.known_as(signing.Signer(salt=SIGNING_SALT).unsign(token))
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error

    def by_status_token(self, token: str) -> "Inquiry":
        """The inquiry whose `status_url` holds this token.

        Raises Inquiry.DoesNotExist for a token that was not made here, or too long ago.
        """
        signer = signing.TimestampSigner(salt=STATUS_SALT)
        try:
            reference = signer.unsign(token, max_age=STATUS_LINK_AGE)
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error
        return self.select_related("assigned_to").known_as(reference)
