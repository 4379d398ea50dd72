"""What one may try the rules with."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core import languages
from inquiries.answering.assigning import Asking
from inquiries.forms.fields import LenientContactField, ProductField
from inquiries.models import Inquiry
from products.models import Category


class TrialForm(forms.Form):
    """What an inquiry would say. Filled in from one that is there, it tries that one."""

    language = forms.ChoiceField(label=_("Language"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("By it a returning buyer is known.")
    )
    product = ProductField(label=_("Product"), required=False)
    category: forms.ModelChoiceField = forms.ModelChoiceField(
        Category.objects.all(), label=_("Category"), required=False, empty_label=_("none")
    )
    contact = LenientContactField(
        label=_("Contact the buyer asked for"), empty_label=_("nobody in particular")
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
        cast(forms.ChoiceField, self.fields["language"]).choices = languages.choices()
        cast(forms.ChoiceField, self.fields["country"]).choices = [("", _("none")), *countries]
        cast(ProductField, self.fields["product"]).offer(self["product"].value() or "")

    @property
    def asking(self) -> Asking | None:
        """What is to be tried; None where nothing was entered yet, or something wrong."""
        if not self.is_bound:
            return Asking.of(self.inquiry) if self.inquiry else None
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Asking(
            language=data["language"],
            country=data["country"],
            email=data["email"],
            products=(data["product"].pk,) if data["product"] else (),
            category=data["category"].pk if data["category"] else None,
            chosen_contact=data["contact"].pk if data["contact"] else None,
            inquiry=self.inquiry.pk if self.inquiry else 0,
        )
