"""The form that erases a buyer's personal data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """The confirmation; with open inquiries, also that these will be closed."""

    close_open = forms.BooleanField(
        label=_("Give up what is still open: it becomes “Lost”."),
        error_messages={"required": _("Some are still open. Say that you give them up.")},
    )

    def __init__(self, *args: Any, has_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_open:
            del self.fields["close_open"]
