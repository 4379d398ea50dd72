"""The timeline of an inquiry."""

from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.search_text import InquirySearchText

EVENT_SALT = "products.inquiries.event"


class AssignmentReason(models.TextChoices):
    """Why an inquiry was assigned automatically; the label is shown with the contact's name."""

    REQUESTED = "requested", _("%(contact)s (requested by the buyer)")
    RULE = "rule", _("%(contact)s (rule “%(rule)s”)")
    LEAST_BUSY = "least_busy", _("%(contact)s (fewest open inquiries)")


def event_token(event: "UUID | int") -> str:
    """The signed idempotency key or primary key of an event, for the URL of the next page."""
    return signing.Signer(salt=EVENT_SALT).sign(str(event))


class InquiryEventQuerySet(models.QuerySet["InquiryEvent"]):
    """Events, filtered for the staff, the buyer and e-mail threads."""

    def get_by_token(self, token: str) -> "InquiryEvent":
        """The event of this `event_token`; raises DoesNotExist for anything else."""
        try:
            value = signing.Signer(salt=EVENT_SALT).unsign(token)
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error
        return self.get(pk=value) if value.isdecimal() else self.get(idempotency_key=value)

    def by_others_since(self, event: int, user: User) -> Self:
        """Relevant events by anyone but `user`, after the event with this primary key."""
        later = self.filter(pk__gt=event, kind__in=self.model.RELEVANT_TO_STAFF).exclude(actor=user)
        return later.select_related("actor")

    def for_buyer(self) -> Self:
        """The messages between buyer and company, with their authors and attachments."""
        messages = self.filter(kind__in=self.model.VISIBLE_TO_BUYER)
        return messages.select_related("actor__contact").prefetch_related("attachments")

    def buyer_messages(self) -> Self:
        """The buyer's messages after the inquiry itself, except those held as spam."""
        return self.filter(kind__in=[self.model.Kind.ASKED_AGAIN, self.model.Kind.MESSAGE])

    def last_received(self) -> "InquiryEvent":
        """The event of the inquiry, or of the last repeated one."""
        kinds = [self.model.Kind.RECEIVED, self.model.Kind.ASKED_AGAIN]
        return self.filter(kind__in=kinds).latest()

    def with_message_id(self) -> Self:
        """The messages that were sent or received by e-mail and have a Message-ID."""
        kinds = [self.model.Kind.RECEIVED, self.model.Kind.ACKNOWLEDGED]
        kinds += self.model.VISIBLE_TO_BUYER
        return self.filter(kind__in=kinds).exclude(message_id="")


class InquiryEvent(models.Model):
    """An entry in the timeline of an inquiry: its kind, time and author.

    `text` is what a person wrote: a message, an answer or a note. `data` contains the rest:

    - `held`: `reasons`, a list of the codes in `screening.REASONS`.
    - `assigned`: `contact` (primary key) and `contact_name`. For an automatic assignment also
      `reason` (an `AssignmentReason`); `rule` and `rule_name` if a rule applied; `absent` and
      `absent_name` if the contact is the substitute of an absent one.
    - `status_changed`: `status`, the new one; if that is spam, also `previous`.
    - `reminded`: `contact` and `contact_name`; both empty if the managers were reminded.
    - `bounced`: `report`, the error text of the mail servers.
    - `merged`: `reference` of the merged inquiry; and `buyer`, a list of name with e-mail address,
      company and phone number, if the buyers differ.
    - `split`: `reference` of the other inquiry.
    - `received`, `asked_again`, `message`, `held_message`: `lost_files`, the number of files that
      could not be stored.
    - `received`, `message`, `held_message`: `is_unverified`, true for an e-mail whose sender our
      mail server has not found genuine.

    Names are those at the time of the event. Other kinds have no data.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        ACKNOWLEDGED = "acknowledged", _("Confirmation sent")
        ASKED_AGAIN = "asked_again", _("Follow-up inquiry")
        MESSAGE = "message", _("Message")
        HELD = "held", _("Held as spam")
        HELD_MESSAGE = "held_message", _("Message held as spam")
        RELEASED = "released", _("Marked as not spam")
        ASSIGNED = "assigned", _("Assigned to")
        ANSWERED = "answered", _("Answered")
        NOTE = "note", _("Internal note")
        STATUS_CHANGED = "status_changed", _("Status changed to")
        REMINDED = "reminded", _("Reminder sent to")
        ESCALATED = "escalated", _("Managers notified")
        BOUNCED = "bounced", _("Delivery failed")
        MERGED = "merged", _("Merged with")
        SPLIT = "split", _("Split off")
        ERASED = "erased", _("Personal data erased")

    FROM_BUYER = [Kind.RECEIVED, Kind.ASKED_AGAIN, Kind.MESSAGE, Kind.HELD_MESSAGE]

    VISIBLE_TO_BUYER = [Kind.ASKED_AGAIN, Kind.MESSAGE, Kind.HELD_MESSAGE, Kind.ANSWERED]

    # Staff who have the inquiry open are warned about these.
    RELEVANT_TO_STAFF = [
        Kind.ASKED_AGAIN,
        Kind.MESSAGE,
        Kind.RELEASED,
        Kind.ASSIGNED,
        Kind.ANSWERED,
        Kind.STATUS_CHANGED,
        Kind.MERGED,
        Kind.SPLIT,
        Kind.ERASED,
    ]

    # What the inquiry and its other events say has changed.
    CHANGES_TEXTS = [Kind.MERGED, Kind.SPLIT, Kind.ERASED]

    # Erasing a buyer's data does not change these: they only describe the handling.
    WITHOUT_PERSONAL_DATA = [
        Kind.ACKNOWLEDGED,
        Kind.ASSIGNED,
        Kind.STATUS_CHANGED,
        Kind.HELD,
        Kind.REMINDED,
        Kind.SPLIT,
    ]

    inquiry = models.ForeignKey(
        "inquiries.Inquiry",
        on_delete=models.CASCADE,
        db_index=False,  # `inquiry_event_timeline` begins with it
        related_name="events",
    )
    kind = models.CharField(_("event type"), max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    text = models.TextField(_("text"), blank=True)
    data = models.JSONField(default=dict, blank=True, editable=False)
    # Identifies a submitted form or an e-mail, so that it is saved only once.
    idempotency_key = models.UUIDField(null=True, unique=True, editable=False)
    # The Message-ID (RFC 5322, 3.6.4) of the e-mail that was sent or received.
    message_id = models.CharField(max_length=255, blank=True, editable=False)
    # The part of an e-mail that quotes earlier ones; shown to the staff on demand.
    quoted_text = models.TextField(blank=True, editable=False)

    objects = InquiryEventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        get_latest_by = ["at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["inquiry", "at", "id"], name="inquiry_event_timeline"),
            models.Index(
                fields=["inquiry"],
                condition=models.Q(kind="held_message"),
                name="inquiry_event_held_message",
            ),
            models.Index(
                fields=["message_id"],
                condition=~models.Q(message_id=""),
                name="inquiry_event_message_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            if self.text or self.kind in self.CHANGES_TEXTS:
                InquirySearchText.objects.refresh(self.inquiry)

    @property
    def is_unverified(self) -> bool:
        """Whether it is an e-mail whose sender may be forged."""
        return bool(self.data.get("is_unverified"))

    @property
    def lost_files(self) -> int:
        """The number of files that were sent with it and could not be stored."""
        return self.data.get("lost_files", 0)

    @property
    def is_from_buyer(self) -> bool:
        return self.kind in self.FROM_BUYER
