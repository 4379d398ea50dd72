"""Form fields that correct typed and pasted values where the correction is certain."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.email_addresses import normalize_email, suggest_email, validate_deliverable
from core.text.normalizing import clean_line, clean_text, remove_invisible


class LineField(forms.CharField):
    """A name or another short text, without invisible characters."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class MessageField(forms.CharField):
    """A text of several lines, without control characters."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class PhoneField(forms.CharField):
    """A phone number as it was typed, without invisible characters."""

    widget = forms.TelInput

    def to_python(self, value: Any) -> str:
        return remove_invisible(super().to_python(value) or "")


class EmailField(forms.EmailField):
    """An e-mail address, without everything that is certainly not part of it.

    After `clean` has failed, `suggestion` is the address that was probably meant, if any.
    """

    default_validators = [validate_deliverable]
    default_error_messages = {
        "suggestion": _("Check the e-mail address. Did you mean %(email)s?"),
    }
    suggestion = ""

    def to_python(self, value: Any) -> str:
        return normalize_email(super().to_python(value) or "")

    def clean(self, value: Any) -> str:
        try:
            return super().clean(value)
        except ValidationError as error:
            self.suggestion = suggest_email(str(value or ""))
            if not self.suggestion:
                raise
            text = self.error_messages["suggestion"]
            raise ValidationError(
                text, code="suggestion", params={"email": self.suggestion}
            ) from error
