"""The references under which an inquiry was known before it was joined with another."""

from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from inquiries.models.buyers import in_any_case


class FormerReferenceQuerySet(models.QuerySet["FormerReference"]):
    """References that lead elsewhere by now, by whose they were."""

    def given_to(self, email: str) -> Self:
        """Those of one buyer, who is known by the e-mail address in whatever case."""
        return self.filter(in_any_case("email", email)).exclude(email="")


class FormerReference(models.Model):
    """A reference that was given to a buyer, and the inquiry that holds what it stood for.

    `email` is whose inquiry it was, and `number` its primary key, which the staff's mails lead to.
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
