"""What is kept of an inquiry."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Company, Contact
from contacts.office_hours import OfficeHours
from core.absolute_urls import absolute
from core.validators import validate_text
from inquiries.answering.deadlines import Deadline
from inquiries.models.buyers import Buyer
from inquiries.models.desk import Desk
from inquiries.models.querysets import SIGNING_SALT, STATUS_SALT
from inquiries.models.terms import TradeTerms
from inquiries.time_zones import zone_of


class InquiryRecord(Buyer, TradeTerms):
    """The columns of an inquiry, and what can be read off them."""

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("of an inquiry", "New")
        ASSIGNED = "assigned", _("Assigned")
        ANSWERED = "answered", _("Answered")
        QUOTED = "quoted", _("Quoted")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        SPAM = "spam", _("Spam")

    OPEN = [Status.NEW, Status.ASSIGNED, Status.ANSWERED, Status.QUOTED]

    # Whose first answer, or next one, is due at `due_at`.
    WAITING = [Status.NEW, Status.ASSIGNED]

    class Source(models.TextChoices):
        """From what kind of page of the site the visitor came to the form."""

        PRODUCT = "product", _("Product")
        ARTICLE = "article", _("Article")
        BASKET = "basket", _("Basket")
        CONTACT = "contact", _("Contact's card")
        PAGE = "page", _("Another page")

    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    message = models.TextField(_("message"), max_length=5000, validators=[validate_text])
    source = models.CharField(
        pgettext_lazy("of an inquiry", "source"),
        max_length=10,
        choices=Source.choices,
        default=Source.PAGE,
        editable=False,
    )
    source_page = models.CharField(_("came from"), max_length=300, blank=True, editable=False)
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
    # Whose card the visitor asked on; it is heeded when the inquiry comes in or is released.
    chosen_contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked for"),
    )
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("first answer due"), editable=False)
    first_response_at = models.DateTimeField(_("first answer"), null=True, editable=False)

    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    # When the contact was reminded, and the managers told, of the answer that is due at `due_at`.
    reminded_at = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    # The day on which the person's data goes, once that was announced; and when it went.
    erase_on = models.DateField(_("to be erased on"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.due_at is None:
            self.due_at = Desk.get_solo().first_answer_due(self.created_at)
        super().save(*args, **kwargs)

    @property
    def is_waiting(self) -> bool:
        """Whether the buyer waits for an answer that was promised."""
        return self.status in self.WAITING

    @property
    def is_overdue(self) -> bool:
        """Whether the first answer is late."""
        return self.is_waiting and self.due_at < timezone.now()

    @cached_property
    def office_hours(self) -> OfficeHours:
        """The company's; whoever shows many inquiries sets them, so that they are read once."""
        return Company.get_solo().office_hours

    @property
    def deadline(self) -> Deadline:
        """By when an answer was promised, to be shown. It stays where hours change meanwhile."""
        return Deadline(self.due_at, self.office_hours, zone_of(self))

    def wait_anew(self, status: str) -> list[str]:
        """Have the buyer wait again, with a deadline of its own; returns the fields to save."""
        self.status = status
        self.due_at = Desk.get_solo().first_answer_due(timezone.now())
        self.reminded_at = self.escalated_at = None
        return ["status", "due_at", "reminded_at", "escalated_at"]

    @property
    def token(self) -> str:
        """The signed reference, for the address of the page that thanks the visitor."""
        return signing.Signer(salt=SIGNING_SALT).sign(self.reference)

    @property
    def status_url(self) -> str:
        """The address of the buyer's own page, in the buyer's language, with a key of its own."""
        token = signing.TimestampSigner(salt=STATUS_SALT).sign(self.reference)
        with translation.override(self.language):
            return absolute(reverse("inquiries:status", args=[token]))

    def in_words(self, lines: Iterable[object]) -> str:
        """All that is asked with these lines in one text, in the site's first language."""
        with translation.override(settings.LANGUAGE_CODE):
            asked = [*map(str, lines), *(f"{name}: {value}" for name, value in self.terms)]
        return "\n\n".join(filter(None, ["\n".join(asked), self.message]))

    @property
    def moves(self) -> list[str]:
        """The statuses that the inquiry may be moved to from outside.

        What nobody is assigned to can only be given up; what is assigned does not become new; and
        spam is released, so that it is heard of. What was erased stays as it is.
        """
        if self.erased_at:
            possible = []
        elif self.status == self.Status.SPAM:
            possible = [self.Status.LOST]
        elif self.assigned_to_id is None:
            possible = [self.Status.NEW, self.Status.LOST, self.Status.SPAM]
        else:
            possible = [status for status in self.Status if status != self.Status.NEW]
        return [status for status in possible if status != self.status]
