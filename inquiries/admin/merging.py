"""The page on which two inquiries are joined: first which, then whether."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.http import account
from inquiries.admin.pages import InquiryPages
from inquiries.answering import merging
from inquiries.models import Inquiry
from inquiries.models.querysets import InquiryQuerySet

MOST_OFFERED = 20


class MergeForm(forms.Form):
    """Which inquiry is joined with `inquiry`: one of the same buyer's, or any by its reference.

    Nobody learns of an inquiry that is not among `visible`, not even that there is one.
    """

    chosen = forms.ChoiceField(
        label=gettext_lazy("Others of this buyer"), required=False, widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label=gettext_lazy("or by its reference"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"dir": "ltr", "size": 12, "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, inquiry: Inquiry, visible: InquiryQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry, self.visible = inquiry, visible
        others = visible.asked_by(inquiry.email).exclude(pk=inquiry.pk).exclude(status="spam")
        self.others = list(others[:MOST_OFFERED])
        field: Any = self.fields["chosen"]
        field.choices = [(other.reference, other.reference) for other in self.others]

    def clean(self) -> dict[str, Any]:
        super().clean()
        typed = self.cleaned_data.get("reference", "").strip().upper()
        name, reference = "reference", typed
        if not typed:
            name, reference = "chosen", self.cleaned_data.get("chosen", "")
        if not reference:
            if not self.errors:
                self.add_error(None, _("Choose an inquiry, or type its reference."))
            return self.cleaned_data
        try:
            other = self.visible.known_as(reference)
            merging.check(self.inquiry, other)
            self.cleaned_data["other"] = other
        except Inquiry.DoesNotExist:
            self.add_error(name, _("You have no inquiry with this reference."))
        except ValidationError as error:
            self.add_error(name, error)
        return self.cleaned_data


class ConfirmForm(MergeForm):
    """The same, sent from the page that shows both."""

    other_buyer = forms.BooleanField(
        label=gettext_lazy("Join them all the same: whoever has the link of either reads both."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        other = data.get("other")
        if other and not (merging.of_one_buyer(self.inquiry, other) or data.get("other_buyer")):
            text = _("These are two buyers. Say that you want them joined all the same.")
            self.add_error("other_buyer", text)
        return data


class Merging(InquiryPages):
    """Joining, for whoever may work on both inquiries."""

    def get_urls(self) -> list[URLPattern]:
        return [self.page("merge", self.merge), *super().get_urls()]

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the other (GET), see both (GET with a reference), join them (POST)."""
        inquiry = self.workable(request, pk)
        visible: Any = self.get_queryset(request)
        about = {"inquiry": inquiry, "visible": visible}
        if request.method == "POST":
            form: MergeForm = ConfirmForm(request.POST, **about)
            if form.is_valid() and (kept := self._merged(request, form)):
                return self.lead_to(kept)
        else:
            is_chosen = request.GET.keys() & {"chosen", "reference"}
            form = MergeForm(request.GET if is_chosen else None, **about)
            form.is_valid()
        other = getattr(form, "cleaned_data", {}).get("other")
        if other is None:
            title = _("Join with another inquiry")
            return self.show(request, "merge", inquiry, title, form=form)
        if request.method != "POST":
            form = ConfirmForm(**about)
        both = sorted([inquiry, other], key=lambda one: (one.created_at, one.pk))
        return self.show(
            request,
            "merge_confirm",
            inquiry,
            _("Join these two inquiries?"),
            form=form,
            other=other,
            both=both,
            one_buyer=merging.of_one_buyer(inquiry, other),
        )

    def _merged(self, request: HttpRequest, form: MergeForm) -> Inquiry | None:
        """What the two in a valid form have become; None, with the reason in the form, if not."""
        try:
            kept = merging.merge(form.inquiry, form.cleaned_data["other"], account(request))
        except ValidationError as error:
            form.add_error(None, error)
            return None
        text = _("Both are one inquiry now: %(reference)s.") % {"reference": kept}
        self.message_user(request, text, messages.SUCCESS)
        return kept
