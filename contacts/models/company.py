"""The company that runs the site."""

from datetime import date, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField
from solo.models import SingletonModel

from contacts.analytics import Analytics, Provider
from contacts.look import Corners, Font, Look
from contacts.office_hours import DEFAULT_WEEK, OfficeHours
from contacts.time_zones import country_of_zone, time_zone_choices, utc_offset
from core.images import PictureField
from core.page_cache.changes import WatchedQuerySet
from core.page_cache.copies import ProcessCopy
from core.page_cache.versions import EVERY_PAGE
from core.phone_numbers import region_of
from core.replica import main_reads
from core.validators import validate_phone


class CompanyQuerySet(WatchedQuerySet["Company"]):
    changed_tag = EVERY_PAGE


class Company(SingletonModel):
    """The one company of this site. Its texts and numbers are shown as they were typed."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(pgettext_lazy("postal", "address"), max_length=300, blank=True)
    country = CountryField(
        _("country"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Phone numbers without a country code are dialled as numbers of this country. If "
            "empty, the country code of the phone number applies, or else the time zone."
        ),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    fax = models.CharField(_("fax"), max_length=40, blank=True, validators=[validate_phone])
    hotline = models.CharField(
        _("hotline"),
        max_length=40,
        blank=True,
        validators=[validate_phone],
        help_text=_("Shown at the top of every page."),
    )
    skype = models.CharField(_("Skype name"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    support_name = models.CharField(
        _("support provider"),
        max_length=100,
        blank=True,
        help_text=_("Shown in the footer as “Support: …”."),
    )
    support_url = models.URLField(_("support provider URL"), blank=True)
    logo = PictureField(
        _("logo"),
        upload_to="company/",
        blank=True,
        width_field="logo_width",
        height_field="logo_height",
        help_text=_("JPEG, PNG, GIF or WebP. If empty, the company name is shown."),
    )
    logo_width = models.PositiveIntegerField(null=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, editable=False)
    dark_logo = PictureField(
        _("logo in dark mode"),
        upload_to="company/",
        blank=True,
        default="",
        db_default="",
        width_field="dark_logo_width",
        height_field="dark_logo_height",
        help_text=_("For a dark background. If empty, the logo is shown on a white one."),
    )
    dark_logo_width = models.PositiveIntegerField(null=True, editable=False)
    dark_logo_height = models.PositiveIntegerField(null=True, editable=False)
    icon = PictureField(
        _("icon"),
        upload_to="company/",
        blank=True,
        default="",
        db_default="",
        width_field="icon_width",
        height_field="icon_height",
        help_text=_(
            "A square picture of at least 512 × 512 pixels, for browser tabs, bookmarks and "
            "the home screens of phones."
        ),
    )
    icon_width = models.PositiveIntegerField(null=True, editable=False)
    icon_height = models.PositiveIntegerField(null=True, editable=False)
    color = models.CharField(
        _("accent color"),
        max_length=7,
        blank=True,
        db_default="",
        help_text=_(
            "Of links, buttons and headings, such as #0f5e75. If empty, the site keeps its own "
            "colors."
        ),
    )
    corners = models.CharField(
        _("corners"),
        max_length=10,
        choices=Corners.choices,
        default=Corners.ROUND,
        db_default=Corners.ROUND,
    )
    font = models.CharField(
        _("font"),
        max_length=10,
        choices=Font.choices,
        default=Font.SYSTEM,
        db_default=Font.SYSTEM,
        help_text=_("Fonts that the visitor's device has, so that pages load at once."),
    )
    sharing_picture = PictureField(
        _("picture for sharing"),
        upload_to="company/",
        blank=True,
        default="",
        db_default="",
        width_field="sharing_picture_width",
        height_field="sharing_picture_height",
        help_text=_(
            "Shown by chat apps and social networks beside links to pages that have no picture "
            "of their own; best 1200 × 630 pixels."
        ),
    )
    sharing_picture_width = models.PositiveIntegerField(null=True, editable=False)
    sharing_picture_height = models.PositiveIntegerField(null=True, editable=False)
    about = models.TextField(
        _("about the company"),
        blank=True,
        db_default="",
        help_text=_("One or two sentences, in the footer and for search engines."),
    )
    footer_text = models.CharField(
        _("footer text"),
        max_length=300,
        blank=True,
        db_default="",
        help_text=_("Shown at the end of every page, such as a registration number."),
    )
    analytics_provider = models.CharField(
        _("provider"), max_length=10, choices=Provider.choices, blank=True, db_default=""
    )
    analytics_id = models.CharField(
        _("id"),
        max_length=100,
        blank=True,
        db_default="",
        validators=[RegexValidator(r"^[A-Za-z0-9._-]+\Z")],
        help_text=_("The id of this site, as the provider shows it."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        choices=time_zone_choices,
        help_text=_(
            "Applies to all times on the site, and to working hours and holidays. "
            "Leave empty to use the server's time zone."
        ),
    )

    checked_on = models.DateField(_("contact details checked on"), null=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")

    @classmethod
    def current(cls) -> "Company":
        """The company as it is now, shared by all that read it; `get_solo` reads it for a change.

        It takes no query where the version of the content says that this process knows it.
        """
        return current_company.get()

    def __str__(self) -> str:
        return self.name or str(self._meta.verbose_name)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @property
    def zone_label(self) -> str:
        """The name of the time zone with its present offset, such as `Asia/Shanghai (UTC+8)`."""
        offset = utc_offset(self.zone, timezone.now())
        return offset if self.zone.key == offset else f"{self.zone} ({offset})"

    @property
    def today(self) -> date:
        """Today's date in the company's time zone."""
        return timezone.localdate(timezone=self.zone)

    @property
    def look(self) -> Look:
        """The colors, corners and font of the pages."""
        return Look(self.color, Corners(self.corners), Font(self.font))

    @property
    def analytics(self) -> Analytics | None:
        """Another company's program that counts visitors, if one is chosen."""
        if not self.analytics_provider or not self.analytics_id:
            return None
        return Analytics(Provider(self.analytics_provider), self.analytics_id)

    @cached_property
    def networks(self) -> list[models.Model]:
        """The company's accounts in social networks."""
        with main_reads():  # for `current`, which a replica may not know yet
            return list(self.social_links.all())

    @property
    def phone_region(self) -> str:
        """The country (ISO 3166-1 alpha-2) of numbers without a country code; empty if unknown."""
        if country := str(self.country):
            return country
        regions = (region_of(number) for number in (self.phone, self.hotline, self.fax) if number)
        return next((region for region in regions if region), country_of_zone(self.time_zone))

    @cached_property
    def office_hours(self) -> OfficeHours:
        """The opening hours and holidays, in two queries; DEFAULT_WEEK if there are no hours."""
        week: list[list[tuple[time, time]]] = [[] for _ in range(7)]
        with main_reads():  # for `current`, which a replica may not know yet
            for row in self.working_hours.all():
                week[row.weekday].append((row.opens, row.closes))
            holidays = tuple((row.first_day, row.last_day) for row in self.holidays.all())
        return OfficeHours(
            self.zone, tuple(map(tuple, week)) if any(week) else DEFAULT_WEEK, holidays
        )


current_company: ProcessCopy[Company] = ProcessCopy(Company.get_solo, EVERY_PAGE)
