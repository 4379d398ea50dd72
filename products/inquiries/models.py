"""An inquiry, what it asks for, and everything that happens to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from config.validators import validate_line, validate_phone, validate_text
from contacts.models import Contact
from products.inquiries import emails
from products.models import Product

FIRST_ANSWER_DUE = timedelta(hours=24)
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
        return self.filter(status__in=Inquiry.OPEN)

    def unassigned(self) -> Self:
        return self.filter(status=Inquiry.Status.NEW)

    def overdue(self) -> Self:
        """Those whose first answer is late."""
        return self.filter(
            status__in=[Inquiry.Status.NEW, Inquiry.Status.ASSIGNED], due_at__lt=timezone.now()
        )

    def receive(self, lines: list[dict[str, Any]], **fields: Any) -> "Inquiry":
        """Keep a visitor's inquiry, with its reference and its first event, and tell the managers.

        `lines` holds `product`, `quantity` and `unit` of each product asked for; `fields` are the
        inquiry's own. All of it is kept, mail included, or none.
        """
        with transaction.atomic():
            inquiry = self._create_with_reference(**fields)
            for line in lines:
                InquiryLine.objects.create(inquiry=inquiry, **line)
            inquiry.record(InquiryEvent.Kind.RECEIVED)
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
            raise Inquiry.DoesNotExist from error


class Inquiry(models.Model):
    """A visitor's question, from its arrival to an order or its end."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        ANSWERED = "answered", _("Answered")
        QUOTED = "quoted", _("Quoted")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        SPAM = "spam", _("Spam")

    OPEN = [Status.NEW, Status.ASSIGNED, Status.ANSWERED, Status.QUOTED]

    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100, validators=[validate_line])
    email = models.EmailField(_("e-mail"), validators=[validate_line])
    company = models.CharField(_("company"), max_length=150, blank=True, validators=[validate_line])
    country = CountryField(_("country"), blank=True)
    phone = models.CharField(
        _("telephone"), max_length=40, blank=True, validators=[validate_line, validate_phone]
    )
    message = models.TextField(_("message"), max_length=5000, validators=[validate_text])
    language = models.CharField(_("language"), max_length=10, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW, editable=False
    )
    assigned_to = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="inquiries",
        verbose_name=_("assigned to"),
    )
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("first answer due"), editable=False)
    first_response_at = models.DateTimeField(_("first answer"), null=True, editable=False)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [("assign_inquiry", _("Can see every inquiry and assign it"))]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="inquiry_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="inquiry_by_status"),
            models.Index(
                fields=["assigned_to", "status", "-created_at", "-id"], name="inquiry_by_contact"
            ),
            models.Index(fields=["status", "due_at"], name="inquiry_due"),
            models.Index(fields=["email"], name="inquiry_by_email"),
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

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.due_at is None:
            self.due_at = self.created_at + FIRST_ANSWER_DUE
        super().save(*args, **kwargs)

    @property
    def is_overdue(self) -> bool:
        """Whether the first answer is late."""
        waiting = self.status in {self.Status.NEW, self.Status.ASSIGNED}
        return waiting and self.due_at < timezone.now()

    @property
    def token(self) -> str:
        """The signed reference, for the address of the page that thanks the visitor."""
        return signing.Signer(salt=SIGNING_SALT).sign(self.reference)

    def record(self, kind: str, actor: User | None = None, text: str = "") -> None:
        """Write down what happened. `actor` is the account that did it, None for the visitor."""
        self.events.create(kind=kind, actor=actor, text=text)

    def assign(self, contact: Contact, by: User | None) -> None:
        """Give the inquiry to `contact`, who is told by mail; nothing happens if it is theirs."""
        with self._locked():
            if self.assigned_to_id == contact.pk:
                return
            self.assigned_to = contact
            if self.status == self.Status.NEW:
                self.status = self.Status.ASSIGNED
            self.save(update_fields=["assigned_to", "status"])
            self.record(InquiryEvent.Kind.ASSIGNED, by, contact.name)
            emails.tell_contact(self, contact)

    def answer(self, text: str, by: User) -> None:
        """Send `text` to the buyer, and keep when the first answer went out.

        Raises ValueError where nobody is assigned, since an answer comes from somebody.
        """
        with self._locked():
            if self.assigned_to is None:
                raise ValueError("An inquiry is assigned before it is answered.")
            self.first_response_at = self.first_response_at or timezone.now()
            if self.status == self.Status.ASSIGNED:
                self.status = self.Status.ANSWERED
            self.save(update_fields=["first_response_at", "status"])
            self.record(InquiryEvent.Kind.ANSWERED, by, text)
            emails.answer_buyer(self, self.assigned_to, text)

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
            self.status = status
            self.save(update_fields=["status"])
            self.record(InquiryEvent.Kind.MOVED, by, status)

    @property
    def moves(self) -> list[str]:
        """The statuses that the inquiry may be moved to from outside.

        What nobody is assigned to can only be given up; what is assigned does not become new.
        """
        if self.assigned_to_id is None:
            possible = [self.Status.NEW, self.Status.LOST, self.Status.SPAM]
        else:
            possible = [status for status in self.Status if status != self.Status.NEW]
        return [status for status in possible if status != self.status]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """A transaction in which this row is read afresh and held until its end."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Inquiry.objects.select_for_update())
            yield


class InquiryLine(models.Model):
    """A product asked for. Its name is kept, since the product may be gone later."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product,
        on_delete=models.SET_NULL,
        null=True,
        related_name="inquiry_lines",
        verbose_name=_("product"),
    )
    product_name = models.CharField(_("product's name"), max_length=200)
    quantity = models.PositiveIntegerField(
        _("quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)],
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("product asked for")
        verbose_name_plural = _("products asked for")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gte=1),
                name="inquiry_line_quantity_positive",
            )
        ]

    def __str__(self) -> str:
        if self.quantity is None:
            return self.product_name
        return f"{self.quantity} {self.unit} × {self.product_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.product and not self.product_name:
            self.product_name = self.product.name
        super().save(*args, **kwargs)


class InquiryEvent(models.Model):
    """Something that happened to an inquiry: who, when and what."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        ASSIGNED = "assigned", _("Assigned to")
        ANSWERED = "answered", _("Answered")
        NOTE = "note", _("Note")
        MOVED = "moved", _("Moved to")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["inquiry", "at", "id"], name="inquiry_event_timeline")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.summary}".strip()

    @property
    def summary(self) -> str:
        """The text as it is shown: a status by its name, everything else as it was written."""
        if self.kind == self.Kind.MOVED:
            return str(Inquiry.Status(self.text).label)
        return self.text
