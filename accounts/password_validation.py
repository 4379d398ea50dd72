"""The rules for passwords that Django does not have."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.breached_passwords import LookUpError, is_breached

logger = logging.getLogger(__name__)

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


class BreachedPasswordValidator:
    """Refuses passwords in the list of breached ones at `url`.

    If that cannot be looked up, nobody is kept from changing a password: it is logged, and the
    other rules decide.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    @sensitive_variables("password")
    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if the password is known."""
        try:
            is_known = is_breached(password, self.url)
        except LookUpError as error:
            logger.error("A new password was not looked up in BREACHED_PASSWORDS_URL: %s", error)
            return
        if is_known:
            text = _("This password is known from a breach of another site. Choose another one.")
            raise ValidationError(text, code="password_breached")

    def get_help_text(self) -> str:
        return _("Your password must not be known from a breach of another site.")
