"""Rules that assign new inquiries to contacts."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from contacts.models import Contact
from core import languages
from core.page_cache.changes import WatchedQuerySet
from core.page_cache.copies import ProcessCopy
from core.page_cache.versions import EVERY_PAGE
from products.models import Category

MISSING_CONTACT = _("Select the contact this rule assigns inquiries to.")


class AssignmentRuleQuerySet(WatchedQuerySet["AssignmentRule"]):
    changed_tag = EVERY_PAGE


class AssignmentRule(models.Model):
    """Assigns new inquiries to a contact; the first matching active rule by `order` applies.

    An empty condition matches every inquiry. A rule for returning buyers may have no contact: then
    it assigns to the contact of the buyer's previous inquiry.
    """

    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower numbers are checked first.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("Matches inquiries about products in this category or its subcategories."),
    )
    countries = CountryField(_("countries"), multiple=True, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=languages.language_choices, blank=True
    )
    returning = models.BooleanField(_("returning buyer"), default=False)
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact"),
        help_text=_("Leave empty for returning buyers to keep their previous contact."),
    )

    objects = AssignmentRuleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=False) | models.Q(returning=True),
                name="inquiry_rule_has_contact",
                violation_error_message=MISSING_CONTACT,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def active(cls) -> list["AssignmentRule"]:
        """The active rules in their order, as they are now; all that read them share them."""
        return active_rules.get()

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse an inactive contact; the error is on `is_active` in the list's form, which has no
        contact field."""
        super().clean_fields(exclude)
        if self.is_active and self.contact and not self.contact.is_active:
            field = "is_active" if exclude and "contact" in exclude else "contact"
            text = gettext(
                "%(contact)s is inactive and cannot be assigned inquiries. Select "
                "another contact or deactivate the rule."
            )
            raise ValidationError({field: text % {"contact": self.contact}})

    def clean(self) -> None:
        """Show the constraint's error beside the contact field."""
        if self.contact_id is None and not self.returning:
            raise ValidationError({"contact": MISSING_CONTACT})


active_rules: ProcessCopy[list[AssignmentRule]] = ProcessCopy(
    lambda: list(AssignmentRule.objects.filter(is_active=True)), EVERY_PAGE
)
