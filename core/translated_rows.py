"""Rows of a table whose texts exist in every language of the site."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from modeltranslation.utils import build_localized_fieldname


class TranslatedRows:
    """For a resource of django-import-export: each language is checked by itself.

    To Django a text that is missing in the language of the admin is the one that stands in for
    it, and would be kept as its translation.
    """

    translated: Sequence[str] = ()  # the fields, without a language
    told_by = "name"  # the one of them that no row may lack

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Check a row as the library does; raises ValidationError with all that is wrong."""
        errors = dict(import_validation_errors or {})
        if self.told_by not in errors and not getattr(instance, self.told_by):
            field = build_localized_fieldname(self.told_by, settings.LANGUAGE_CODE)
            blank = instance._meta.get_field(self.told_by).error_messages["blank"]
            errors[field] = ValidationError(blank)
        try:
            exclude = [*errors, *self.translated]
            instance.full_clean(exclude=exclude, validate_unique=validate_unique)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
