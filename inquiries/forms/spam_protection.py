"""The base of the public forms: protection from spam and from double submission."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet, UUIDField
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.prepared_queries import prepared
from inquiries import form_stamp, proof_of_work
from inquiries.models import InquiryEvent
from inquiries.screening import Submission


@prepared(key=UUIDField())
def _events_with_key(key: Any) -> QuerySet[InquiryEvent, int]:
    return InquiryEvent.objects.filter(idempotency_key=key).order_by().values_list("pk", flat=True)


class ProofOfWorkInput(forms.HiddenInput):
    """The solution of a proof of work, filled in by a script; always rendered empty.

    The script fetches the challenge when the visitor starts typing, so that it has not expired when
    the page was open for a long time.
    """

    class Media:
        js = [forms.Script("js/proof_of_work.js", defer=True)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        data = {
            "data-challenge": reverse("inquiries:challenge"),
            "data-worker": static("js/proof_of_work_worker.js"),
            "autocomplete": "off",
        }
        return super().get_context(name, None, {**(attrs or {}), **data})


class SpamProtectedForm(forms.Form):
    """A form with a signed stamp, a proof of work and a honeypot.

    None of them makes the form invalid: the screening scores them.
    """

    # Fields that differ between two submissions of the same data.
    FIELDS_OUTSIDE_KEY = {
        "csrfmiddlewaretoken",
        "stamp",
        "proof",
        "time_zone",
        "attachments-stored",  # these are among the files
    }

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    proof = forms.Field(required=False, widget=ProofOfWorkInput)
    # The honeypot: hidden from people, filled in by programs. Browsers and password managers know
    # fields for names, addresses and websites, but none for a subject.
    subject = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "tabindex": "-1",
                "autocomplete": "off",
                "data-1p-ignore": "",
                "data-bwignore": "",
                "data-form-type": "other",
                "data-lpignore": "true",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = form_stamp.new_stamp
        if not settings.PROOF_OF_WORK:
            del self.fields["proof"]

    @cached_property
    def submission_key(self) -> UUID | None:
        """The idempotency key of this submission; None if its stamp is invalid."""
        names = set(self.data) - self.FIELDS_OUTSIDE_KEY
        data: dict[str, object] = {name: self.data.get(name) for name in names}
        uploads = self.files.getlist("attachments") if self.files else []
        data["files"] = [(upload.name, upload.size) for upload in uploads]
        return form_stamp.submission_key(self.data.get("stamp", ""), data)

    def report_expired_files(self, names: list[str]) -> None:
        """Make each file that is no longer stored an error of the attachments."""
        for name in names:
            text = _("“%(name)s” is no longer stored. Attach it again.")
            self.add_error("attachments", text % {"name": name})

    @property
    def was_saved_before(self) -> bool:
        """Whether this same submission was saved before."""
        key = self.submission_key
        return key is not None and bool(_events_with_key(key=key))

    def _submission(self, ip_address: str, *, text: str, email: str, names: str = "") -> Submission:
        """The submission for the screening, from a valid form; see `Submission` for `names`."""
        return Submission(
            text=text,
            email=email,
            names=names,
            ip_address=ip_address,
            honeypot=self.cleaned_data["subject"],
            form_age=form_stamp.stamp_age(self.cleaned_data["stamp"]),
            has_proof=self._has_proof(),
        )

    def _has_proof(self) -> bool | None:
        """Whether the proof of work is valid; None if none is required."""
        if "proof" not in self.fields:
            return None
        return proof_of_work.is_solved(self.cleaned_data["proof"] or "", self.submission_key)
