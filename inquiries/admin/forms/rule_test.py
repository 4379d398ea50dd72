"""The form that tests the assignment rules."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core import languages
from inquiries.forms.fields import OptionalContactField, ProductField
from inquiries.models import Inquiry
from inquiries.services.assignment_rules import AssignmentContext
from products.models import Category


class RuleTestForm(forms.Form):
    """The inquiry to test the rules with; `inquiry` provides the initial values."""

    language = forms.ChoiceField(label=_("Language"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Used to identify returning buyers.")
    )
    product = ProductField(label=_("Product"), required=False)
    category: forms.ModelChoiceField = forms.ModelChoiceField(
        Category.objects.all(), label=_("Category"), required=False, empty_label=_("none")
    )
    contact = OptionalContactField(
        label=_("Contact requested by the buyer"), empty_label=_("no preference")
    )

    def __init__(self, *args: Any, inquiry: Inquiry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry = inquiry
        if inquiry:
            line = inquiry.lines.exclude(product=None).select_related("product").first()
            self.initial = {
                "language": inquiry.language,
                "country": inquiry.country.code,
                "email": inquiry.email,
                "product": line.product.slug if line and line.product else "",
                "contact": inquiry.chosen_contact_id,
            }
        cast(forms.ChoiceField, self.fields["language"]).choices = languages.language_choices()
        cast(forms.ChoiceField, self.fields["country"]).choices = [("", _("none")), *countries]
        cast(ProductField, self.fields["product"]).set_choices(self["product"].value() or "")

    @property
    def assignment_context(self) -> AssignmentContext | None:
        """The context to test; None if nothing was entered yet, or the form has errors."""
        if not self.is_bound:
            return AssignmentContext.from_inquiry(self.inquiry) if self.inquiry else None
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return AssignmentContext(
            language=data["language"],
            country=data["country"],
            email=data["email"],
            products=(data["product"].pk,) if data["product"] else (),
            category=data["category"].pk if data["category"] else None,
            chosen_contact=data["contact"].pk if data["contact"] else None,
            inquiry=self.inquiry.pk if self.inquiry else 0,
        )
