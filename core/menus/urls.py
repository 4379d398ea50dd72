"""The URLs that an item of a menu may have."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from core.validators import validate_phone

PATH = re.compile(r"/(?![/\\])[^\s\\]*")
validate_web_url = URLValidator(schemes=["http", "https"])


def validate_menu_url(value: str) -> None:
    """Raise ValidationError for anything but a web, e-mail or phone URL or a path of this site."""
    scheme, _colon, rest = value.partition(":")
    try:
        if value.startswith("/"):
            if not PATH.fullmatch(value):
                raise ValidationError("")
        elif scheme == "mailto":
            validate_email(rest)
        elif scheme == "tel":
            validate_phone(rest)
        else:
            validate_web_url(value)
    except ValidationError as error:
        raise ValidationError(
            _("Enter a URL such as https://example.com/, or a path of this site such as /news/.")
        ) from error
