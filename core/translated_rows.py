"""Importing rows with translated fields."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from modeltranslation.utils import build_localized_fieldname


class TranslatedRows:
    """Mixin for a resource of django-import-export that validates each language separately.

    Otherwise Django reads the fallback of a missing translation, and stores it as the translation.
    `translated_fields` are names without a language; `required_field`, one of them, must not be
    empty in any row.
    """

    translated_fields: Sequence[str] = ()
    required_field = "name"

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Validate a row as the library does; raises ValidationError with every error."""
        errors = dict(import_validation_errors or {})
        if self.required_field not in errors and not getattr(instance, self.required_field):
            field = build_localized_fieldname(self.required_field, settings.LANGUAGE_CODE)
            blank = instance._meta.get_field(self.required_field).error_messages["blank"]
            errors[field] = ValidationError(blank, code="blank")
        try:
            exclude = [*errors, *self.translated_fields]
            self.clean_instance(instance, exclude=exclude, validate_unique=validate_unique)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def clean_instance(self, instance: Any, **options: Any) -> None:
        """Validate as `Model.full_clean` does with these options."""
        instance.full_clean(**options)
