"""The inquiry: the buyer, the request, the trade terms, and the state of its handling."""

from collections.abc import Collection, Iterable
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from contacts.models import Contact
from core.absolute_urls import absolute_url
from core.languages import language_of_site
from core.prepared_queries import insert_rows
from core.validators import validate_line, validate_phone, validate_text
from inquiries.models.inquiry_settings import InquirySettings
from inquiries.models.querysets import REFERENCE_SALT, STATUS_SALT, InquiryQuerySet
from inquiries.models.search_text import InquirySearchText
from inquiries.models.trade_terms import Currency, Incoterm
from inquiries.prices import format_amount
from inquiries.time_zones import buyer_time_zone


class Inquiry(models.Model):
    """A buyer's question about products, from arrival to order.

    The functions in `inquiries.services` change it; each of them adds an event to its timeline.
    """

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("of an inquiry", "New")
        ASSIGNED = "assigned", _("Assigned")
        ANSWERED = "answered", _("Answered")
        QUOTED = "quoted", _("Quoted")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        SPAM = "spam", _("Spam")

    OPEN = [Status.NEW, Status.ASSIGNED, Status.ANSWERED, Status.QUOTED]

    # The buyer was promised a reply by `due_at`.
    AWAITING_REPLY = [Status.NEW, Status.ASSIGNED]

    class Source(models.TextChoices):
        """The page from which a visitor opened the form, or how the staff received the inquiry."""

        PRODUCT = "product", _("Product")
        ARTICLE = "article", _("Article")
        BASKET = "basket", _("Inquiry list")
        CONTACT = "contact", _("Contact card")
        PAGE = "page", _("Other page")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")
        TRADE_FAIR = "trade_fair", _("Trade fair")
        CHAT = "chat", _("Chat")
        PAPER = "paper", _("Letter or fax")

        @classmethod
        def from_staff(cls) -> list["Inquiry.Source"]:
            """The sources of inquiries that the staff enter."""
            return [cls.PHONE, cls.TRADE_FAIR, cls.CHAT, cls.PAPER]

    TRADE_TERMS = [
        "destination_port",
        "incoterm",
        "target_price",
        "target_price_text",
        "currency",
        "sample_wanted",
    ]

    BUYER_FIELDS = [
        "name",
        "email",
        "company",
        "country",
        "phone",
        "phone_e164",
        "language",
        "time_zone",
    ]

    # The buyer, identified by the e-mail address
    name = models.CharField(_("name"), max_length=100, validators=[validate_line])
    email = models.EmailField(_("e-mail"), validators=[validate_line])
    company = models.CharField(_("company"), max_length=150, blank=True, validators=[validate_line])
    # The stubs of django-countries do not know that `blank_label` may be translated lazily.
    # The stubs of Django do not know its arguments.
    country = CountryField(  # type: ignore[call-overload]
        _("country"), blank=True, blank_label=_("Select a country")
    )
    phone = models.CharField(
        _("phone"), max_length=60, blank=True, validators=[validate_line, validate_phone]
    )
    # `phone` in international format; empty if it is unknown.
    phone_e164 = models.CharField(max_length=16, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    # A name of the tz database, as the browser reported it.
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True, editable=False)

    # The request
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    message = models.TextField(_("message"), max_length=5000, validators=[validate_text])
    source = models.CharField(
        pgettext_lazy("of an inquiry", "source"),
        max_length=10,
        choices=Source.choices,
        default=Source.PAGE,
        editable=False,
    )
    source_page = models.CharField(_("source page"), max_length=300, blank=True, editable=False)
    # The contact of the card from which the visitor opened the form; used for the assignment.
    chosen_contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("requested contact"),
    )

    # The trade terms
    destination_port = models.CharField(
        _("port of destination"), max_length=100, blank=True, validators=[validate_line]
    )
    incoterm = models.CharField(
        _("Incoterm (2020)"), max_length=3, choices=Incoterm.choices, blank=True
    )
    target_price = models.DecimalField(
        _("target price"),
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    # What was typed as the target price, if it is no single amount.
    target_price_text = models.CharField(
        max_length=100, blank=True, default="", db_default="", validators=[validate_line]
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, blank=True)
    sample_wanted = models.BooleanField(_("sample requested"), default=False)

    # The handling
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW, editable=False
    )
    assigned_to = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # `inquiry_by_contact` begins with it
        related_name="inquiries",
        verbose_name=_("assigned to"),
    )
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("reply due"), editable=False)
    first_response_at = models.DateTimeField(_("first reply"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("confirmation sent at"), null=True, editable=False)
    # Set while the acknowledgement waits because the site has sent too many.
    acknowledge_after = models.DateTimeField(null=True, editable=False)
    # Set while messages wait to be reported together, because there were too many.
    notice_after = models.DateTimeField(null=True, editable=False)
    # When the contact was reminded of `due_at`, and when the managers were notified that it passed.
    reminded_at = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    # The announced day of the erasure of personal data, and when it was erased.
    erase_on = models.DateField(_("erasure date"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [
            ("assign_inquiry", _("Can view and assign all inquiries")),
            ("erase_inquiry", _("Can export and erase buyers' personal data")),
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
            models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(status="spam", erased_at__isnull=True),
                name="inquiry_spam",
            ),
            models.Index(fields=["due_at", "id"], name="inquiry_in_due_order"),
            models.Index(
                Lower("email"),
                models.F("created_at").desc(),
                models.F("id").desc(),
                name="inquiry_newest_of_buyer",
            ),
            models.Index(
                Lower("company"),
                models.F("created_at").desc(),
                models.F("id").desc(),
                name="inquiry_newest_of_company",
            ),
            models.Index(
                fields=["notice_after"],
                condition=models.Q(notice_after__isnull=False),
                name="inquiry_to_notify",
            ),
            models.Index(
                fields=["acknowledge_after"],
                condition=models.Q(acknowledge_after__isnull=False),
                name="inquiry_to_acknowledge",
            ),
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
                name="inquiry_in_progress_has_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the inquiry; without a deadline, it gets the one of the inquiry settings."""
        self._set_deadline()
        is_new = self._state.adding
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            if is_new:  # later changes add an event
                InquirySearchText.objects.add(self)

    def insert(self) -> None:
        """Save a new inquiry in a transaction; takes half as long as `save`."""
        self._set_deadline()
        insert_rows([self])
        InquirySearchText.objects.add(self)

    def _set_deadline(self) -> None:
        if self.due_at is None:
            self.due_at = InquirySettings.current().reply_deadline(self.created_at)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the constraints, which are about the status, unless a form has no such field.

        Django would prepare queries before it finds that.
        """
        if "status" not in (exclude or ()):
            super().validate_constraints(exclude)

    @property
    def is_awaiting_reply(self) -> bool:
        """Whether the buyer still awaits the reply that is due by `due_at`."""
        return self.status in self.AWAITING_REPLY

    @property
    def is_overdue(self) -> bool:
        return self.is_awaiting_reply and self.due_at < timezone.now()

    @property
    def has_held_content(self) -> bool:
        """Whether the inquiry or one of its messages is held as spam; queries the database."""
        return Inquiry.objects.filter(pk=self.pk).held_as_spam().exists()

    @property
    def allowed_statuses(self) -> list[str]:
        """The statuses that `change_status` accepts.

        An inquiry without a contact can only be new, lost or spam; one with a contact cannot be
        new again. Spam can only be closed, since `release_inquiry` releases it. An erased inquiry
        has no allowed statuses.
        """
        if self.erased_at:
            allowed = []
        elif self.status == self.Status.SPAM:
            allowed = [self.Status.LOST]
        elif self.assigned_to_id is None:
            allowed = [self.Status.NEW, self.Status.LOST, self.Status.SPAM]
        else:
            allowed = [status for status in self.Status if status != self.Status.NEW]
        return [status for status in allowed if status != self.status]

    @property
    def buyer_zone(self) -> ZoneInfo | None:
        """The buyer's time zone: the browser's, else the country's; None if unknown."""
        return buyer_time_zone(self.time_zone, self.country.code or "")

    @property
    def token(self) -> str:
        """The signed reference, for the URL of the thank-you page."""
        return signing.Signer(salt=REFERENCE_SALT).sign(self.reference)

    @property
    def status_url(self) -> str:
        """The absolute URL of the status page in the buyer's language, with a new signed token."""
        token = signing.TimestampSigner(salt=STATUS_SALT).sign(self.reference)
        with translation.override(language_of_site(self.language)):
            return absolute_url(reverse("inquiries:status", args=[token]))

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The name and value of each trade term that was entered, in the active language."""
        values = {
            "destination_port": self.destination_port,
            "incoterm": self.incoterm,
            "target_price": self._price_as_text(),
            "sample_wanted": _("yes") if self.sample_wanted else "",
        }
        fields = ((cast(models.Field, self._meta.get_field(name)), values[name]) for name in values)
        return [(str(field.verbose_name), str(value)) for field, value in fields if value]

    def _price_as_text(self) -> str:
        """The target price with its currency; as it was typed if it is no single amount."""
        price = self.target_price_text
        if self.target_price is not None:
            price = format_amount(self.target_price)
        is_named = self.currency in price.upper()
        return f"{price} {self.currency}" if price and not is_named else price

    def as_text(self, lines: Iterable[object]) -> str:
        """The given lines, the trade terms and the message, in the site's default language."""
        with translation.override(settings.LANGUAGE_CODE):
            details = [*map(str, lines), *(f"{name}: {value}" for name, value in self.terms)]
        return "\n\n".join(filter(None, ["\n".join(details), self.message]))
