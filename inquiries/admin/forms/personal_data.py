"""The form that erases a buyer's personal data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """Confirms the erasure; with open inquiries, also that they will be closed."""

    close_open = forms.BooleanField(
        label=_("Close open inquiries: their status becomes “Lost”."),
        error_messages={"required": _("Confirm that open inquiries will be closed.")},
    )

    def __init__(self, *args: Any, has_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_open:
            del self.fields["close_open"]
