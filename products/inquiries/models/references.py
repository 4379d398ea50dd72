"""The references under which an inquiry was known before it was joined with another."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerReference(models.Model):
    """A reference that was given to a buyer, and the inquiry that holds what it stood for."""

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.CASCADE, related_name="former_references"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("former reference")
        verbose_name_plural = _("former references")

    def __str__(self) -> str:
        return self.reference
