"""The company that runs the site, and its sales contacts."""

import re
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from solo.models import SingletonModel

from config.pictures import PictureField
from config.validators import validate_phone


class Company(SingletonModel):
    """The one company of this site. Texts and numbers are shown as they are written here."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(pgettext_lazy("postal", "address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_phone])
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
        _("site supported by"),
        max_length=100,
        blank=True,
        help_text=_("Shown in the footer as “Support: …”."),
    )
    support_url = models.URLField(_("supporter's address"), blank=True)
    logo = PictureField(
        _("logo"),
        upload_to="company/",
        blank=True,
        width_field="logo_width",
        height_field="logo_height",
        help_text=_("JPEG, PNG, GIF or WebP. Without one, the name is shown."),
    )
    logo_width = models.PositiveIntegerField(null=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")

    def __str__(self) -> str:
        return self.name or str(self._meta.verbose_name)


class ContactQuerySet(models.QuerySet["Contact"]):
    def active(self) -> Self:
        """The contacts who are shown on the site and may be given inquiries."""
        return self.filter(is_active=True)


class Contact(models.Model):
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
    def address(self) -> str:
        """The e-mail address for messages to this contact: their own, else their account's."""
        return self.email or (self.user.email if self.user else "")
