"""An inquiry and what is done about it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Unpack
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from inquiries.answering import assigning
from inquiries.files import PreparedFile
from inquiries.mail import acknowledging, buyers, staff
from inquiries.models.events import InquiryEvent, MailParts
from inquiries.models.querysets import InquiryQuerySet
from inquiries.models.record import InquiryRecord
from inquiries.screening import Submission, screen


class Inquiry(InquiryRecord):
    """A visitor's question, from its arrival to an order or its end.

    What is done about it is written down as an event, with who did it, and told whom it concerns.
    """

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [
            ("assign_inquiry", _("Can see every inquiry and assign it")),
            ("erase_inquiry", _("Can hand out and erase what is kept of a buyer")),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="inquiry_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="inquiry_by_status"),
            models.Index(
                fields=["assigned_to", "status", "-created_at", "-id"], name="inquiry_by_contact"
            ),
            models.Index(
                fields=["assigned_to", "-created_at", "-id"], name="inquiry_newest_of_contact"
            ),
            models.Index(fields=["source", "-created_at", "-id"], name="inquiry_by_source"),
            models.Index(fields=["country", "-created_at", "-id"], name="inquiry_by_country"),
            models.Index(fields=["status", "due_at"], name="inquiry_due"),
            models.Index(fields=["due_at", "-id"], name="inquiry_by_due"),
            models.Index(Lower("email"), name="inquiry_by_buyer"),
            models.Index(Lower("company"), name="inquiry_by_company"),
            models.Index(fields=["acknowledged_at"], name="inquiry_acknowledged"),
            models.Index(
                fields=["erase_on"],
                condition=models.Q(erase_on__isnull=False),
                name="inquiry_to_erase",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["new", "assigned", "answered", "quoted", "won", "lost", "spam"]
                ),
                name="inquiry_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["new", "lost", "spam"])
                | models.Q(assigned_to__isnull=False),
                name="inquiry_worked_on_by_somebody",
            ),
        ]

    def acknowledge(self, sender: str = "") -> None:
        """Tell the buyer once that the inquiry is here, unless too many were told of late.

        `sender` is the network address that the inquiry came from, where it is known.
        """
        if self.acknowledged_at is None and acknowledging.may_acknowledge(self, sender):
            self.acknowledged_at = timezone.now()
            self.save(update_fields=["acknowledged_at"])
            mail = buyers.acknowledge(self)
            received = self.events.filter(kind=InquiryEvent.Kind.RECEIVED)
            received.update(message_id=mail.message_id)

    def record(
        self,
        kind: str,
        actor: User | None = None,
        text: str = "",
        key: UUID | None = None,
        **mail: Unpack[MailParts],
    ) -> InquiryEvent:
        """Write down what happened. `actor` is the account that did it, None for the visitor.

        `mail` is what is kept of the mail that it went or came with.
        """
        return self.events.create(kind=kind, actor=actor, text=text, key=key, **mail)

    def hear(
        self,
        text: str,
        again: bool = False,
        key: UUID | None = None,
        files: Iterable[PreparedFile] = (),
        **mail: Unpack[MailParts],
    ) -> None:
        """Keep what the buyer adds, and tell who answers it; one that was answered or lost waits
        again.

        `again` says that it came as a new inquiry about the same products.
        """
        kinds = InquiryEvent.Kind
        with self._locked():
            kind = kinds.JOINED if again else kinds.WROTE
            self.record(kind, text=text, key=key, **mail).attach(files)
            self._answer_to(text)

    def hear_once(
        self,
        key: UUID | None,
        submission: Submission,
        files: Iterable[PreparedFile] = (),
        **mail: Unpack[MailParts],
    ) -> None:
        """Keep what the buyer writes on their page or by mail, once for each `key`.

        What looks like spam, or is added to spam, is kept as well, but nobody is told until it is
        released.
        """
        verdict = screen(submission)
        with self._once(key):
            if verdict.is_held or self.status == self.Status.SPAM:
                withheld = InquiryEvent.Kind.WITHHELD
                self.record(withheld, text=submission.text, key=key, **mail).attach(files)
                if verdict.is_held:
                    self.record(InquiryEvent.Kind.HELD, text=" ".join(verdict.reasons))
            else:
                self.hear(submission.text, key=key, files=files, **mail)

    def note_once(self, text: str, key: UUID, **mail: Unpack[MailParts]) -> None:
        """Keep for the staff alone what came by mail and asks for nothing; nobody is told."""
        with self._once(key):
            self.record(InquiryEvent.Kind.NOTE, text=text, key=key, **mail)

    def fail_to_deliver(self, text: str, key: UUID) -> None:
        """Write down, once, that a mail did not reach the buyer, and tell who has to know."""
        with self._once(key):
            self.record(InquiryEvent.Kind.BOUNCED, text=text, key=key)
            staff.tell_of_failure(self, text)

    def release(self, by: User | None) -> None:
        """Let through what was held as spam, as if it had just come; nothing happens to others."""
        with self._locked():
            if not self.is_held:
                return
            self.record(InquiryEvent.Kind.RELEASED, by)
            if self.status == self.Status.SPAM:
                status = self.Status.ASSIGNED if self.assigned_to else self.Status.NEW
                self.save(update_fields=self.wait_anew(status))
                if self.assigned_to:
                    staff.tell_contact(self, self.assigned_to)
                elif not self.assign_new():
                    staff.tell_managers(self)
                self.acknowledge()
            for event in self.events.filter(kind=InquiryEvent.Kind.WITHHELD):
                event.kind = InquiryEvent.Kind.WROTE
                event.save(update_fields=["kind"])
                self._answer_to(event.text)

    @property
    def is_held(self) -> bool:
        """Whether it, or a message in it, was taken for spam."""
        return Inquiry.objects.filter(pk=self.pk).held().exists()

    def _answer_to(self, text: str) -> None:
        """Have somebody answer what the buyer has written, be it that all seemed lost."""
        if self.status in {self.Status.ANSWERED, self.Status.QUOTED, self.Status.LOST}:
            was_lost = self.status == self.Status.LOST
            status = self.Status.ASSIGNED if self.assigned_to else self.Status.NEW
            self.save(update_fields=self.wait_anew(status))
            if was_lost:
                self.record(InquiryEvent.Kind.MOVED, text=status)
        staff.tell_of_message(self, text)

    def was_joined_by(self, key: UUID | None) -> bool:
        """Whether what was sent with `key` was added to an inquiry that was there before."""
        joined = InquiryEvent.Kind.JOINED
        return key is not None and self.events.filter(key=key, kind=joined).exists()

    def assign(self, contact: Contact, by: User | None, why: str = "") -> None:
        """Give the inquiry to `contact`; nothing happens if it is theirs, or erased.

        Who answers for `contact` is told by mail, and who answered until now. `why` is what a
        decision of the rules says; empty where somebody chose.
        """
        with self._locked():
            before = self.assigned_to
            if before == contact or self.erased_at:
                return
            self.assigned_to = contact
            if self.status == self.Status.NEW:
                self.status = self.Status.ASSIGNED
            self.save(update_fields=["assigned_to", "status"])
            self.record(InquiryEvent.Kind.ASSIGNED, by, why or contact.name)
            staff.tell_contact(self, contact)
            if before:
                staff.tell_former(self, before, by)

    def assign_new(self) -> bool:
        """Give it to whoever is to have it by the rules; whether there is somebody."""
        decision = assigning.decide(assigning.Asking.of(self), takes_turns=True)
        if decision:
            self.assign(decision.contact, by=None, why=decision.text)
        return decision is not None

    def answer(self, text: str, by: User | None) -> None:
        """Send `text` to the buyer, and keep when the first answer went out.

        Raises ValueError where nobody is assigned, since an answer comes from somebody, and where
        the buyer's data was erased, since it goes to nobody then.
        """
        with self._locked():
            if self.erased_at:
                raise ValueError("An inquiry that was erased has nobody to be answered.")
            if self.assigned_to is None:
                raise ValueError("An inquiry is assigned before it is answered.")
            self.first_response_at = self.first_response_at or timezone.now()
            if self.status == self.Status.ASSIGNED:
                self.status = self.Status.ANSWERED
            self.save(update_fields=["first_response_at", "status"])
            mail = buyers.answer(self, self.signer(self.assigned_to, by), text)
            self.record(InquiryEvent.Kind.ANSWERED, by, text, message_id=mail.message_id)

    @staticmethod
    def signer(contact: Contact, by: User | None) -> Contact:
        """In whose name `by` answers: their own where they stand in for the contact today."""
        stand_in = contact.responsible
        return stand_in if stand_in and by and stand_in.user_id == by.pk else contact

    def note(self, text: str, by: User) -> None:
        """Keep `text` for the staff alone."""
        self.record(InquiryEvent.Kind.NOTE, by, text)

    def move_to(self, status: str, by: User | None) -> None:
        """Change the status; nothing happens if the inquiry has it already.

        Raises ValueError for a status that is not among `moves`.
        """
        with self._locked():
            if status == self.status:
                return
            if status not in self.moves:
                raise ValueError(f"An inquiry cannot move from {self.status} to {status}.")
            waits_again = status in self.WAITING and not self.is_waiting
            changed = self.wait_anew(status) if waits_again else ["status"]
            self.status = status
            self.save(update_fields=changed)
            self.record(InquiryEvent.Kind.MOVED, by, status)

    @contextmanager
    def _once(self, key: UUID | None) -> Iterator[None]:
        """A transaction of which nothing happens where an event with this key was kept before."""
        try:
            with transaction.atomic():
                yield
        except IntegrityError:
            if key is None or not InquiryEvent.objects.filter(key=key).exists():
                raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """A transaction in which this row is read afresh and held until its end."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Inquiry.objects.select_for_update())
            yield
