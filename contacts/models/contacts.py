"""The people who sell."""

import re
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.availability import Availability, at_work, away
from contacts.languages import NAMES, LanguagesField
from contacts.models.checked import Checked
from contacts.models.company import Company
from contacts.models.querysets import ContactQuerySet
from contacts.time_zones import time_zone_choices
from core.images import PictureField
from core.validators import validate_phone


class Contact(Checked):
    """A person who sells: a card on the site, and whoever an inquiry is assigned to."""

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_phone])
    fax = models.CharField(_("fax"), max_length=40, blank=True, validators=[validate_phone])
    mobile = models.CharField(_("mobile"), max_length=40, blank=True, validators=[validate_phone])
    whatsapp = models.BooleanField(_("mobile is on WhatsApp"), default=False)
    skype = models.CharField(_("Skype name"), max_length=60, blank=True)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Inquiries that are assigned go here.")
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
    languages = LanguagesField(_("languages they speak"), default=list, blank=True)
    city = models.CharField(
        _("city"), max_length=100, blank=True, help_text=_("Where they work, as Zhengzhou.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        choices=time_zone_choices,
        help_text=_("Blank: the company's. Office hours are meant in the contact's own."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Shown on the site and can be given inquiries.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
        verbose_name=_("staff account"),
        help_text=_("The account with which this person sees and answers their inquiries."),
    )

    objects = ContactQuerySet.as_manager()
    substitute_id: int | None  # as `with_absence` finds it

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["is_active", "order", "name"], name="contact_active")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(whatsapp=False) | ~models.Q(mobile=""),
                name="contact_whatsapp_needs_mobile",
                violation_error_message=_("Enter the mobile number that is on WhatsApp."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('contacts:list')}#contact-{self.pk}"

    @property
    def whatsapp_url(self) -> str:
        """The address that opens a chat: `https://wa.me/` and the digits alone, see wa.me."""
        return f"https://wa.me/{re.sub(r'[^0-9]', '', self.mobile)}"

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """The languages they speak: code and name."""
        return [(code, NAMES[code]) for code in self.languages if code in NAMES]

    @property
    def address(self) -> str:
        """The e-mail address for messages to this contact: their own, else their account's."""
        return self.email or (self.user.email if self.user else "")

    def speaks(self, language: str) -> bool:
        """Whether they speak a language of the site: `zh` is spoken to readers of `zh-hans`."""
        return language.partition("-")[0] in {code.partition("-")[0] for code in self.languages}

    @cached_property
    def company(self) -> Company:
        return Company.get_solo()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else self.company.zone

    @property
    def now(self) -> datetime:
        """What the clock shows where they are, to the second."""
        return timezone.localtime(timezone=self.zone).replace(microsecond=0)

    @cached_property
    def away_until(self) -> date | None:
        """The last day of the absence that they are on today."""
        absence = self.absences.on(self.company.today).last()
        return absence.last_day if absence else None

    @cached_property
    def responsible(self) -> "Contact | None":
        """Who answers for them today: themselves, else whoever stands in, if anybody."""
        if self.is_active and not self.away_until:
            return self
        stand_in = Contact.objects.stand_ins().get(self.pk)
        return Contact.objects.filter(pk=stand_in).first()

    @property
    def availability(self) -> Availability:
        """How they can be reached now; the company's hours are meant in the contact's own zone."""
        now = self.now
        if self.away_until:
            return away(now, self.away_until, self.responsible)
        hours = replace(self.company.office_hours, zone=self.zone)
        return at_work(now, hours.next_opening(now).astimezone(self.zone))
