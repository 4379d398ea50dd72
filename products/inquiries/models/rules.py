"""Whose a new inquiry is, where a rule says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from config import languages
from contacts.models import Contact
from products.models import Category


class AssignmentRule(models.Model):
    """Gives new inquiries to a contact. The first rule, by `order`, that fits decides.

    What is left empty fits everything. A rule for returning buyers without a contact of its own
    gives an inquiry to whoever had the buyer's last one.
    """

    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers are tried first.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Fits when a product of it, or of a category below it, is asked for."),
    )
    countries = CountryField(_("countries"), multiple=True, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages.choices, blank=True)
    returning = models.BooleanField(_("buyer has asked before"), default=False)
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact"),
        help_text=_("Empty for returning buyers: they keep the contact they had."),
    )

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=False) | models.Q(returning=True),
                name="inquiry_rule_names_somebody",
                violation_error_message=_("Choose the contact that the rule gives inquiries to."),
            )
        ]

    def __str__(self) -> str:
        return self.name
