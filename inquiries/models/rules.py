"""Whose a new inquiry is, where a rule says so."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from contacts.models import Contact
from core import languages
from products.models import Category

if TYPE_CHECKING:
    from inquiries.answering.assigning import Asking


NAMES_NOBODY = _("Choose the contact that the rule gives inquiries to.")


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
                violation_error_message=NAMES_NOBODY,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse a contact who gets no inquiries, beside the field that can be changed: the list's
        form holds no contact."""
        super().clean_fields(exclude)
        if self.is_active and self.contact and not self.contact.is_active:
            beside = "is_active" if exclude and "contact" in exclude else "contact"
            text = gettext(
                "%(contact)s is off the site and gets no inquiries. Choose somebody else, or "
                "switch the rule off."
            )
            raise ValidationError({beside: text % {"contact": self.contact}})

    def clean(self) -> None:
        """Say beside the field what the constraint says of the whole."""
        if self.contact_id is None and not self.returning:
            raise ValidationError({"contact": NAMES_NOBODY})

    def misses(self, asking: "Asking") -> Iterator[str]:
        """What speaks against giving away by this rule what is asked, in words; what costs no
        query comes first."""
        if not self.is_active:
            yield gettext("the rule is switched off")
        if self.language and self.language != asking.language:
            yield gettext("it is written in another language")
        if self.countries and asking.country not in map(str, self.countries):
            yield gettext("it comes from another country")
        if self.category_id and self.category_id not in asking.categories:
            yield gettext("nothing of this category is asked for")
        if self.returning and not asking.earlier:
            yield gettext("the buyer has not asked before")
