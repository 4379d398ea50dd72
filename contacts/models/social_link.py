"""The company's accounts in social networks."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.calendar import EveryPageQuerySet
from contacts.models.company import Company
from core.images import PictureField


class SocialLink(models.Model):
    """An account of the company, linked in the footer; WeChat shows its QR code instead."""

    class Network(models.TextChoices):
        LINKEDIN = "linkedin", "LinkedIn"
        FACEBOOK = "facebook", "Facebook"
        YOUTUBE = "youtube", "YouTube"
        INSTAGRAM = "instagram", "Instagram"
        X = "x", "X"
        TIKTOK = "tiktok", "TikTok"
        WECHAT = "wechat", _("WeChat")

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="social_links", verbose_name=_("company")
    )
    network = models.CharField(_("network"), max_length=10, choices=Network.choices)
    url = models.URLField(_("URL"), blank=True)
    qr_code = PictureField(
        _("QR code"),
        upload_to="company/",
        blank=True,
        width_field="qr_code_width",
        height_field="qr_code_height",
        help_text=_("For WeChat: the picture that the app shows under My QR Code."),
    )
    qr_code_width = models.PositiveIntegerField(null=True, editable=False)
    qr_code_height = models.PositiveIntegerField(null=True, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = EveryPageQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("social network")
        verbose_name_plural = _("social networks")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "network"],
                name="social_link_once",
                violation_error_message=_("This network is already in the list."),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_network_display())

    def clean(self) -> None:
        if self.network == self.Network.WECHAT:
            if not self.qr_code:
                raise ValidationError({"qr_code": _("Upload the QR code of the account.")})
        elif not self.url:
            raise ValidationError({"url": _("Enter the address of the account.")})
        super().clean()
