"""Model fields of the catalogue."""

import re
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

validate_hs_code = RegexValidator(
    r"\A[0-9]{6,10}\Z",
    _("Enter an HS code with 6 to 10 digits, for example 847420."),
    code="hs_code",
)


class HSCodeField(models.CharField):
    """A code of the Harmonized System, stored as digits: `8474.20 10` becomes `84742010`."""

    default_validators = [validate_hs_code]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 10, **kwargs})

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return re.sub(r"[. ]", "", value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        """A form field that also has room for points and spaces, which are dropped."""
        return super().formfield(**{"max_length": 20, **kwargs})
