"""The rule for passwords that Django does not have."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_LENGTH = 256  # characters; longer ones only keep the server busy with hashing


class MaximumLengthValidator:
    """Refuses passwords of more than MAX_LENGTH characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if the password is too long."""
        if len(password) > MAX_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        text = _("Your password can have up to %(max)d characters, of any kind.")
        return text % {"max": MAX_LENGTH}
