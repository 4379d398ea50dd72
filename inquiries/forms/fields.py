"""What the forms of the inquiries are made of."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Case, Value, When
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from inquiries import files, form_stamp, proof_of_work
from inquiries.models import InquiryEvent
from inquiries.screening import Submission
from products.models import Product

MOST_CHOICES = 200


class ProductField(forms.ModelChoiceField):
    """A published product, named by its slug; the list that one chooses from stays bounded."""

    default_error_messages = {
        "invalid_choice": _("This product is no longer offered. Choose another, or none."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Product.objects.none(), to_field_name="slug", **kwargs)

    def to_python(self, value: Any) -> Product | None:
        if isinstance(value, str) and "\0" in value:
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        return super().to_python(value)

    def find(self, slug: str) -> Product | None:
        """The product of this address, if it may be asked about."""
        return Product.objects.published().find_by_slug(slug)

    def offer(self, chosen: str) -> None:
        """Take any published product; list the first ones, and always the one `chosen`."""
        chosen = chosen.replace("\0", "")  # which PostgreSQL knows in no text
        self.queryset = Product.objects.published()
        listed = self.queryset.only("slug", "name").order_by(
            Case(When(slug=chosen, then=Value(0)), default=Value(1)), "order", "pk"
        )[:MOST_CHOICES]
        self.widget.choices = [
            ("", _("No particular product")),
            *((product.slug, product.name) for product in listed),
        ]


class LenientContactField(forms.ModelChoiceField):
    """An active contact, by primary key; None for whatever else is sent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Contact.objects.active(), required=False, **kwargs)

    def clean(self, value: Any) -> Contact | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class LongTextInput(forms.Textarea):
    """Takes all that is pasted; too much of it is complained of, where a browser would cut it off
    without a word."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        attrs = super().build_attrs(*args, **kwargs)
        attrs.pop("maxlength", None)
        return attrs


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that are sent along, each looked through; their number and size are limited."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, label=_("Files"), **kwargs)
        self.widget.attrs["accept"] = files.ACCEPTED_EXTENSIONS
        self.help_text = format_lazy(
            _(
                "Drawings, pictures, lists: up to {most} files of up to {size} MB each. "
                "PDF, pictures and Office files."
            ),
            most=files.MAX_FILES,
            size=files.MAX_MEGABYTES,
        )

    def clean(self, data: Any, initial: Any = None) -> list[files.PreparedFile]:
        uploads = [upload for upload in data or [] if upload]
        if len(uploads) > files.MAX_FILES:
            text = gettext("Send at most %(most)d files at once.")
            raise forms.ValidationError(text % {"most": files.MAX_FILES})
        if sum(upload.size for upload in uploads) > files.MAX_TOTAL_MEGABYTES * 1024 * 1024:
            text = gettext("Together these files have more than %(limit)d MB.")
            raise forms.ValidationError(text % {"limit": files.MAX_TOTAL_MEGABYTES})
        return [files.prepare_upload(super(FilesField, self).clean(upload)) for upload in uploads]


class ProofInput(forms.HiddenInput):
    """Takes a solution that the page's script finds; empty each time it is shown.

    The challenge is fetched when the visitor begins to type, so it is fresh however long the page
    was open.
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


class TimeZoneInput(forms.HiddenInput):
    """Filled by the page's script; empty without JavaScript."""

    class Media:
        js = [forms.Script("js/time_zone.js", defer=True)]


class StampedForm(forms.Form):
    """A form that knows when it was shown, and one sending of it from another."""

    NOT_TYPED = {"csrfmiddlewaretoken", "stamp", "proof", "time_zone"}

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    # Of no kind that refuses anything: what is wrong here is weighed.
    proof = forms.Field(required=False, widget=ProofInput)
    # A trap: people do not see it, programs that fill in every field do.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = form_stamp.new_stamp()
        if not settings.PROOF_OF_WORK:
            del self.fields["proof"]

    @property
    def key(self) -> UUID | None:
        """What this sending is known by."""
        names = set(self.data) - self.NOT_TYPED
        typed: dict[str, object] = {name: self.data.get(name) for name in names}
        sent = self.files.getlist("attachments") if self.files else []
        typed["files"] = [(file.name, file.size) for file in sent]
        return form_stamp.submission_key(self.data.get("stamp", ""), typed)

    @property
    def is_repetition(self) -> bool:
        """Whether this very sending was kept before."""
        return (
            self.key is not None and InquiryEvent.objects.filter(idempotency_key=self.key).exists()
        )

    def submission(self, sender: str, **said: str) -> Submission:
        """What is sent, for the screening: `said` holds the `text`, `email` and `names` typed."""
        return Submission(
            sender=sender,
            trap=self.cleaned_data["website"],
            age=form_stamp.stamp_age(self.cleaned_data["stamp"]),
            is_proven=self._is_proven(),
            **said,
        )

    def _is_proven(self) -> bool | None:
        if "proof" not in self.fields:
            return None
        return proof_of_work.is_solved(self.cleaned_data["proof"] or "", self.key)
