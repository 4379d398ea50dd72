"""References of inquiries that were merged into another one."""

from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from inquiries.models.lookups import equals_ignoring_case


class FormerReferenceQuerySet(models.QuerySet["FormerReference"]):
    """Former references, by buyer."""

    def from_buyer(self, email: str) -> Self:
        """Those of the buyer with this e-mail address, in any case."""
        return self.filter(equals_ignoring_case("email", email)) if email else self.none()


class FormerReference(models.Model):
    """The reference of an inquiry that was merged, and the inquiry that it was merged into.

    `email` is the e-mail address of the merged inquiry's buyer. `number` is its primary key, so
    that links in earlier e-mails to the staff still work.
    """

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.CASCADE, related_name="former_references"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    number = models.PositiveBigIntegerField(null=True, unique=True)

    objects = FormerReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("former reference")
        verbose_name_plural = _("former references")
        indexes = [models.Index(Lower("email"), name="inquiry_former_buyer")]

    def __str__(self) -> str:
        return self.reference
