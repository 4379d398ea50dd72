"""The queryset of inquiries."""

from datetime import datetime, time, timedelta
from typing import Any, Self, TypeVar

from django.contrib.auth.models import User
from django.core import signing
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.models import Company, Contact
from core.text.search_query import MAX_TERMS
from core.trigram_tables import narrow
from inquiries.models.former_reference import FormerReference
from inquiries.models.inquiry_event import InquiryEvent
from inquiries.models.lookups import equals_ignoring_case
from inquiries.models.search_text import InquirySearchText
from inquiries.permissions import may_see_all
from inquiries.search_text import find_email, find_references, search_condition

STATUS_LINK_MAX_AGE = timedelta(days=400)
STATUS_SALT = "products.inquiries.status"
REFERENCE_SALT = "products.inquiries.reference"
MAX_KEYS = 1000  # of inquiries that are looked up one by one

# The type of `Inquiry`, which cannot be imported here since it imports this module.
InquiryT = TypeVar("InquiryT", bound=models.Model)


class InquiryQuerySet(models.QuerySet[InquiryT]):
    """Inquiries filtered by user, status, deadline, buyer and reference."""

    model: Any

    def visible_to(self, user: User) -> Self:
        """Those that `user` may see: all with the permission to assign, else those they answer.

        Contacts answer their own inquiries and those of the contacts whose substitute they are.
        """
        if may_see_all(user):
            return self
        return self.filter(assigned_to__in=Contact.objects.ids_answered_by(user))

    def search(self, text: str) -> Self:
        """Those that contain every word of `text`.

        If it names references or is the e-mail address of a buyer: the ones that this identifies.
        """
        if references := find_references(text):
            former = FormerReference.objects.filter(reference__in=references)
            moved = list(former.values_list("inquiry", flat=True))
            named = self.filter(models.Q(reference__in=references) | models.Q(pk__in=moved))
            if keys := list(named.values_list("pk", flat=True)[:MAX_TERMS]):
                return self.filter(pk__in=keys)
        if (email := find_email(text)) and (found := self.about_buyer(email)).exists():
            return found
        condition = search_condition(text, "search_text__text")
        return narrow(self, InquirySearchText, condition).filter(condition)

    # By status and deadline

    def open(self) -> Self:
        """Neither won, nor lost, nor spam."""
        return self.filter(status__in=self.model.OPEN)

    def awaiting_reply(self) -> Self:
        """Those whose buyer still awaits the reply that is due by `due_at`."""
        return self.filter(status__in=self.model.AWAITING_REPLY)

    def overdue(self) -> Self:
        """Those awaiting a reply after their deadline."""
        return self.awaiting_reply().filter(due_at__lt=timezone.now())

    def due_today(self) -> Self:
        """Those with a deadline later today, in the company's time zone."""
        return self.awaiting_reply().filter(due_at__gte=timezone.now(), due_at__lt=_tomorrow())

    def not_urgent(self) -> Self:
        """Those that are neither overdue nor due today."""
        return self.exclude(status__in=self.model.AWAITING_REPLY, due_at__lt=_tomorrow())

    def unattended(self) -> Self:
        """Open inquiries of contacts who are absent today and have no substitute."""
        substitutes = Contact.objects.get_substitutes()
        absent = [pk for pk, substitute in substitutes.items() if substitute is None]
        return self.open().filter(assigned_to__in=absent)

    def with_new_message(self, since: datetime) -> Self:
        """Annotates `has_message`: whether the buyer wrote after `since` and has no answer yet."""
        kinds, events = InquiryEvent.Kind, InquiryEvent.objects
        later = events.filter(inquiry=models.OuterRef("inquiry"), at__gt=models.OuterRef("at"))
        unanswered = events.buyer_messages().filter(
            ~models.Exists(later.filter(kind=kinds.ANSWERED)),
            inquiry=models.OuterRef("pk"),
            at__gt=since,
        )
        return self.annotate(has_message=models.Exists(unanswered))

    # Spam

    def spam(self) -> Self:
        """Those held as spam, unless their data was erased."""
        return self.filter(status=self.model.Status.SPAM, erased_at=None)

    def with_held_message(self) -> Self:
        """Those with a message that is held as spam, unless they are spam themselves."""
        with_message = self.filter(pk__in=_with_held_message(), erased_at=None)
        return with_message.exclude(status=self.model.Status.SPAM)

    def held_as_spam(self) -> Self:
        """Those that are held as spam, or have a message that is."""
        # `Exists` would be evaluated for each row, which is slower.
        return self._held(_with_held_message())

    def list_held_as_spam(self) -> Self:
        """The same as `held_as_spam`, as is fastest for a list, after all other filters.

        With keys, in place of conditions, the database need not guess how many rows there are: it
        would read all inquiries of a contact in search of spam, of which a contact has hardly any.
        """
        spam = list(self.spam().order_by().values_list("pk", flat=True)[: MAX_KEYS + 1])
        if len(spam) > MAX_KEYS:
            return self._held(list(_with_held_message().values_list("inquiry", flat=True)))
        # Those of other contacts are dropped once, instead of in each query of the list. The index
        # of a contact's inquiries suffices for it: it is not asked for `erased_at`.
        found = self.filter(pk__in=_with_held_message()).order_by()
        with_message = list(found.values_list("pk", flat=True))
        return self.filter(pk__in=[*spam, *with_message], erased_at=None)

    def _held(self, with_message: Any) -> Self:
        is_spam = models.Q(status=self.model.Status.SPAM)
        return self.filter(is_spam | models.Q(pk__in=with_message), erased_at=None)

    # By buyer

    def from_buyer(self, email: str | models.Expression) -> Self:
        """Those from this e-mail address, in any case."""
        return self.filter(equals_ignoring_case("email", email)) if email else self.none()

    def about_buyer(self, email: str) -> Self:
        """Those from this e-mail address, or with a merged inquiry from it."""
        own = self.model.objects.from_buyer(email).order_by().values("pk")
        merged = FormerReference.objects.from_buyer(email).order_by().values("inquiry")
        # With OR instead of a union, databases do not use both indexes.
        return self.filter(pk__in=own.union(merged))

    def from_buyer_of(self, inquiry: Any) -> Self:
        """Those from the buyer of `inquiry`; without an e-mail address, only itself."""
        return self.from_buyer(inquiry.email) if inquiry.email else self.filter(pk=inquiry.pk)

    def from_company(self, name: str) -> Self:
        """Those from this company, in any case."""
        return self.filter(equals_ignoring_case("company", name)) if name else self.none()

    def from_others_than(self, inquiry: Any) -> Self:
        """Without those from the buyer of `inquiry`."""
        if not inquiry.email:
            return self.exclude(pk=inquiry.pk)
        return self.exclude(equals_ignoring_case("email", inquiry.email))

    def received_within(self, period: timedelta) -> Self:
        return self.filter(created_at__gt=timezone.now() - period)

    def scheduled_for_erasure(self) -> Self:
        """Those with an announced erasure of personal data."""
        return self.filter(erase_on__isnull=False)

    def count_by_contact(self) -> Coalesce:
        """The number of these inquiries of each contact, to annotate a queryset of contacts."""
        of_each = self.filter(assigned_to=models.OuterRef("pk")).order_by().values("assigned_to")
        count = of_each.annotate(count=models.Count("pk")).values("count")
        return Coalesce(models.Subquery(count), 0)

    # By reference

    def get_by_reference(self, reference: str) -> InquiryT:
        """The inquiry with this reference, or the one that it was merged into.

        Raises Inquiry.DoesNotExist if this queryset does not contain it.
        """
        former = FormerReference.objects.filter(reference=reference).first()
        return self.get(pk=former.inquiry_id) if former else self.get(reference=reference)

    def get_by_token(self, token: str) -> InquiryT:
        """The inquiry with this `Inquiry.token`.

        Raises Inquiry.DoesNotExist for a token with a wrong signature.
        """
        try:
            return self.get_by_reference(signing.Signer(salt=REFERENCE_SALT).unsign(token))
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error

    def get_by_status_token(self, token: str) -> InquiryT:
        """The inquiry of the token in `Inquiry.status_url`.

        Raises Inquiry.DoesNotExist for a token that is expired or has a wrong signature.
        """
        signer = signing.TimestampSigner(salt=STATUS_SALT)
        try:
            reference = signer.unsign(token, max_age=STATUS_LINK_MAX_AGE)
        except signing.BadSignature as error:
            raise self.model.DoesNotExist from error
        return self.select_related("assigned_to").get_by_reference(reference)


def _with_held_message() -> models.QuerySet:
    """The primary keys of the inquiries with a message that is held as spam."""
    held = InquiryEvent.objects.filter(kind=InquiryEvent.Kind.HELD_MESSAGE)
    return held.order_by().values("inquiry")


def _tomorrow() -> datetime:
    """The end of today in the company's time zone."""
    company = Company.current()
    return datetime.combine(company.today + timedelta(days=1), time.min, company.zone)
