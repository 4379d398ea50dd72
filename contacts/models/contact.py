"""The sales contacts."""

from datetime import date
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.languages import LANGUAGE_NAMES, LanguagesField
from contacts.models.absence import Absence
from contacts.models.company import Company
from contacts.models.current_absences import current_absences
from contacts.time_zones import time_zone_choices
from core.images import PictureField
from core.page_cache.changes import WatchedQuerySet
from core.page_cache.versions import EVERY_PAGE
from core.phone_numbers import whatsapp_url
from core.validators import validate_phone


class ContactQuerySet(WatchedQuerySet["Contact"]):
    """Methods that depend on today's absences read the day when they are called."""

    changed_tag = EVERY_PAGE

    def active(self) -> Self:
        """The contacts who are shown on the site and can be assigned inquiries."""
        return self.filter(is_active=True)

    def available(self) -> Self:
        """The contacts who are active and not away today."""
        return self.active().with_absence(Company.current()).filter(away_until=None)

    def with_absence(self, company: Company) -> Self:
        """Annotate each with `away_until` and `substitute_id` of today's absence, or None."""
        today = Absence.objects.on(company.today).filter(contact=OuterRef("pk"))
        latest = today.order_by("-last_day")
        return self.annotate(
            away_until=Subquery(latest.values("last_day")[:1]),
            substitute_id=Subquery(latest.values("substitute")[:1]),
        )

    def absent_or_substitute(self, company: Company) -> Self:
        """The contacts who are inactive, away or a substitute today, annotated `with_absence`."""
        substitute_today = Absence.objects.on(company.today).filter(substitute=OuterRef("pk"))
        return self.with_absence(company).filter(
            Q(is_active=False) | Q(away_until__isnull=False) | Exists(substitute_today)
        )

    def get_substitutes(self, company: Company | None = None) -> dict[int, int | None]:
        """Map each contact who is inactive or away today to the substitute who is available.

        Keys and values are primary keys. If a substitute is away too, their own substitute counts;
        the value is None if no substitute is available. All contacts are covered, whatever the
        filters of this queryset, without a query while this process knows them.
        """
        today = (company or Company.current()).today
        substitutes: dict[int, int | None] = {}
        for row in current_absences.get():
            if row.includes(today):
                substitutes[row.contact] = row.substitute
            elif not row.is_active:
                substitutes.setdefault(row.contact, None)
        return {pk: follow_substitutes(pk, substitutes) for pk in substitutes}

    def ids_answered_by(self, user: Any) -> list[int]:
        """The primary keys of the contacts for whom `user` answers today, including their own.

        Empty for an account that belongs to no contact.
        """
        own = self._all_contacts().filter(user=user.pk).values_list("pk", flat=True).first()
        if user.pk is None or own is None:
            return []
        return [
            own,
            *(pk for pk, substitute in self.get_substitutes().items() if substitute == own),
        ]

    def _all_contacts(self) -> Self:
        return type(self)(self.model, using=self.db)


class Contact(models.Model):
    """A sales contact: has a card on the site and can be assigned inquiries."""

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    fax = models.CharField(_("fax"), max_length=40, blank=True, validators=[validate_phone])
    mobile = models.CharField(_("mobile"), max_length=40, blank=True, validators=[validate_phone])
    whatsapp = models.BooleanField(_("mobile is on WhatsApp"), default=False)
    skype = models.CharField(_("Skype name"), max_length=60, blank=True)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Assigned inquiries are sent to this address.")
    )
    photo = PictureField(
        _("photo"),
        upload_to="contacts/",
        blank=True,
        width_field="photo_width",
        height_field="photo_height",
    )
    photo_width = models.PositiveIntegerField(null=True, editable=False)
    photo_height = models.PositiveIntegerField(null=True, editable=False)
    languages = LanguagesField(_("languages spoken"), default=list, blank=True)
    city = models.CharField(
        _("city"),
        max_length=100,
        blank=True,
        help_text=_("Where the contact works, for example Zhengzhou."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        choices=time_zone_choices,
        help_text=_(
            "Leave empty to use the company's time zone. The contact's working "
            "hours follow this time zone."
        ),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower numbers come first.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Shown on the site and available for assignment.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
        verbose_name=_("staff account"),
        help_text=_("The account this contact uses to view and reply to inquiries."),
    )

    checked_on = models.DateField(_("contact details checked on"), null=True, editable=False)

    objects = ContactQuerySet.as_manager()
    substitute_id: int | None  # annotated by `with_absence`

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["is_active", "order", "name"], name="contact_active")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(whatsapp=False) | ~models.Q(mobile=""),
                name="contact_whatsapp_needs_mobile",
                violation_error_message=_("Enter the mobile number used on WhatsApp."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('contacts:list')}#contact-{self.pk}"

    def clean(self) -> None:
        """Reject a number for WhatsApp that has no country code and is not in use at home."""
        if self.whatsapp and self.mobile and not self.get_whatsapp_url(Company.current()):
            text = _("Enter the number used on WhatsApp with its country code, such as +86.")
            raise ValidationError({"mobile": text})

    def get_whatsapp_url(self, company: Company) -> str:
        """The URL that opens a WhatsApp chat; empty if the number's country is unknown."""
        return whatsapp_url(self.mobile, company.phone_region)

    @property
    def spoken_languages(self) -> list[tuple[str, str]]:
        """Code and name of each language that the contact speaks."""
        return [(code, LANGUAGE_NAMES[code]) for code in self.languages if code in LANGUAGE_NAMES]

    @property
    def notification_email(self) -> str:
        """The address for messages to this contact: its own e-mail, else that of its account."""
        return self.email or (self.user.email if self.user else "")

    def speaks(self, language: str) -> bool:
        """Whether the contact speaks a language of the site; `zh` matches `zh-hans`."""
        return language.partition("-")[0] in {code.partition("-")[0] for code in self.languages}

    def get_zone(self, company: Company) -> ZoneInfo:
        """The contact's time zone, by default the company's."""
        return ZoneInfo(self.time_zone) if self.time_zone else company.zone

    @cached_property
    def away_until(self) -> date | None:
        """The last day of today's absence, if any; `with_absence` reads it for many contacts."""
        today = Company.current().today
        absences = (row for row in current_absences.get() if row.contact == self.pk)
        return next((row.last_day for row in absences if row.includes(today)), None)

    @cached_property
    def responsible(self) -> "Contact | None":
        """The contact who answers for this one today: itself, else a substitute, if any."""
        if self.is_active and not self.away_until:
            return self
        substitute = Contact.objects.get_substitutes().get(self.pk)
        return Contact.objects.filter(pk=substitute).first()


def follow_substitutes(pk: int, substitutes: dict[int, int | None]) -> int | None:
    """The contact who answers for `pk`, going from absent contact to substitute.

    `substitutes` maps every absent contact to their substitute. None if the last one has no
    substitute, or if they substitute for each other in a circle.
    """
    seen: set[int] = set()
    current: int | None = pk
    while current in substitutes:
        if current in seen:
            return None
        seen.add(current)
        current = substitutes[current]
    return current
