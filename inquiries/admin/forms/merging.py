"""The forms that merge two inquiries."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import Inquiry, InquiryQuerySet
from inquiries.services.merging import have_same_buyer, validate_merge

MAX_SUGGESTIONS = 20


class MergeForm(forms.Form):
    """The inquiry to merge with: another one of the same buyer, or any by its reference.

    `candidates` are the inquiries that the user may see; others are treated as missing.
    """

    chosen = forms.ChoiceField(
        label=gettext_lazy("Other inquiries from this buyer"),
        required=False,
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=gettext_lazy("or enter a reference"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"dir": "ltr", "size": 12, "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, inquiry: Inquiry, candidates: InquiryQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry, self.candidates = inquiry, candidates
        self.other: Inquiry | None = None  # the chosen inquiry, if the two can be merged
        same_buyer = candidates.from_buyer(inquiry.email).exclude(pk=inquiry.pk)
        self.suggestions = list(same_buyer.exclude(status=Inquiry.Status.SPAM)[:MAX_SUGGESTIONS])
        field = cast(forms.ChoiceField, self.fields["chosen"])
        field.choices = [(other.reference, other.reference) for other in self.suggestions]

    def clean(self) -> dict[str, Any]:
        super().clean()
        typed = self.cleaned_data.get("reference", "").strip().upper()
        name, reference = "reference", typed
        if not typed:
            name, reference = "chosen", self.cleaned_data.get("chosen", "")
        if not reference:
            if not self.errors:
                self.add_error(None, _("Select an inquiry or enter its reference."))
            return self.cleaned_data
        try:
            other = self.candidates.get_by_reference(reference)
            validate_merge(self.inquiry, other)
            self.other = other
        except Inquiry.DoesNotExist:
            self.add_error(name, _("No inquiry with this reference found."))
        except ValidationError as error:
            self.add_error(name, error)
        return self.cleaned_data


class ConfirmMergeForm(MergeForm):
    """The confirmation, on the page that shows both inquiries."""

    other_buyer = forms.BooleanField(
        label=gettext_lazy("Merge anyway. Anyone with the link to either inquiry can read both."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_other_buyer = self.other and not have_same_buyer(self.inquiry, self.other)
        if is_other_buyer and not data.get("other_buyer"):
            text = _(
                "These inquiries are from different buyers. Confirm that you want "
                "to merge them anyway."
            )
            self.add_error("other_buyer", text)
        return data
