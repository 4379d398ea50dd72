"""Everything that happens to an inquiry."""

from collections.abc import Iterable
from typing import Self, TypedDict

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts import name_of
from inquiries import screening
from inquiries.answering import assigning
from inquiries.files import PreparedFile


class MailParts(TypedDict, total=False):
    """What an event keeps of a mail."""

    message_id: str
    rest: str


class InquiryEventQuerySet(models.QuerySet["InquiryEvent"]):
    """What happened, by who may read it."""

    def by_others_since(self, event: int, user: User) -> Self:
        """What came after the one with that primary key and bears on what `user` is about to do."""
        later = self.filter(pk__gt=event, kind__in=self.model.TOLD).exclude(actor=user)
        return later.select_related("actor", "inquiry")

    def for_buyer(self) -> Self:
        """What was said between buyer and company, with who answered; never what staff keep."""
        said = self.filter(kind__in=self.model.SEEN_BY_BUYER)
        return said.select_related("actor__contact").prefetch_related("attachments")

    def written_by_buyer(self) -> Self:
        """What the buyer has added, but for what is held as spam."""
        return self.filter(kind__in=[self.model.Kind.JOINED, self.model.Kind.WROTE])

    def with_mail(self) -> Self:
        """Those of the conversation that went or came by mail, and have its Message-ID."""
        kinds = [self.model.Kind.RECEIVED, *self.model.SEEN_BY_BUYER]
        return self.filter(kind__in=kinds).exclude(message_id="")


class InquiryEvent(models.Model):
    """Something that happened to an inquiry: who, when and what."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        JOINED = "joined", _("Asked again")
        WROTE = "wrote", _("Message")
        HELD = "held", _("Held as spam")
        WITHHELD = "withheld", _("Message held as spam")
        RELEASED = "released", _("Released")
        ASSIGNED = "assigned", _("Assigned to")
        ANSWERED = "answered", _("Answered")
        NOTE = "note", _("Note")
        MOVED = "moved", _("Moved to")
        REMINDED = "reminded", _("Reminded")
        ESCALATED = "escalated", _("Managers told")
        BOUNCED = "bounced", _("Could not be delivered")
        MERGED = "merged", _("Joined with")
        SPLIT = "split", _("Split off")
        ERASED = "erased", _("Personal data erased")

    FROM_VISITOR = [Kind.RECEIVED, Kind.JOINED, Kind.WROTE, Kind.WITHHELD]

    # What the staff are told who were about to do something else, and in which words.
    TOLD = {
        Kind.JOINED: _("the buyer asked again"),
        Kind.WROTE: _("the buyer wrote again"),
        Kind.RELEASED: _("%(who)s released it"),
        Kind.ASSIGNED: _("%(who)s assigned it to %(what)s"),
        Kind.ANSWERED: _("%(who)s answered it"),
        Kind.MOVED: _("%(who)s moved it to %(what)s"),
        Kind.MERGED: _("%(who)s joined it with another"),
        Kind.SPLIT: _("%(who)s split it"),
        Kind.ERASED: _("%(who)s erased the buyer’s data"),
    }

    SEEN_BY_BUYER = [Kind.JOINED, Kind.WROTE, Kind.WITHHELD, Kind.ANSWERED]

    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.CASCADE, related_name="events"
    )
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
    # What a visitor sends is an event, known by the key of the form: sent twice, it is kept once.
    key = models.UUIDField(null=True, unique=True, editable=False)
    # The Message-ID (RFC 5322, 3.6.4) of the mail that this went out or came in with.
    message_id = models.CharField(max_length=255, blank=True, editable=False)
    # What stood below `text` in a mail, as what it quotes: shown to the staff when they ask for it.
    rest = models.TextField(blank=True, editable=False)

    objects = InquiryEventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["inquiry", "at", "id"], name="inquiry_event_timeline"),
            models.Index(
                fields=["inquiry"],
                condition=models.Q(kind="withheld"),
                name="inquiry_event_withheld",
            ),
            models.Index(
                fields=["message_id"],
                condition=~models.Q(message_id=""),
                name="inquiry_event_message",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.summary}".strip()

    @property
    def summary(self) -> str:
        """The text as it is shown: statuses and reasons in words, all else as it was written."""
        if self.kind == self.Kind.ASSIGNED:
            return assigning.say(self.text)
        if self.kind == self.Kind.MOVED:
            return str(self.inquiry.Status(self.text).label)
        if self.kind == self.Kind.REMINDED:
            return self.text or str(_("the managers"))
        if self.kind == self.Kind.HELD:
            return screening.say(self.text)
        return self.text

    @property
    def told(self) -> str:
        """What happened, in a sentence for the staff; only of the kinds in TOLD."""
        words = {"who": name_of(self.actor) or gettext("the site"), "what": self.summary}
        return str(self.TOLD[self.Kind(self.kind)]) % words

    @property
    def is_from_visitor(self) -> bool:
        return self.kind in self.FROM_VISITOR

    def attach(self, files: Iterable[PreparedFile]) -> None:
        """Keep what was sent along."""
        for file in files:
            self.attachments.create(
                inquiry=self.inquiry,
                file=File(file.content, name=file.name),
                name=file.name,
                kind=file.kind,
                size=file.size,
            )
