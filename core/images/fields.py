"""The model field of a picture: a cover, a photograph, a logo."""

from functools import partial
from typing import Any

from django import forms
from django.core.files.base import File
from django.db import models, router, transaction
from django.db.models.fields.files import ImageFieldFile
from django.utils.functional import lazy

from core.images.renditions import make_renditions
from core.images.uploads import ACCEPTED_TYPES, MAX_MEGABYTES, prepare_picture, too_large_message


class PictureFormField(forms.ImageField):
    """Validates and re-encodes an upload; raises ValidationError as `prepare_picture` does."""

    default_validators = []  # the extension comes from the decoded format

    def to_python(self, data: Any) -> File | None:
        upload = forms.FileField.to_python(self, data)
        return prepare_picture(upload) if upload else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Form classes are made before the language of the request is known.
        message = lazy(too_large_message, str)()
        limits = {
            "accept": ",".join(ACCEPTED_TYPES),
            "data-max-bytes": MAX_MEGABYTES * 1024 * 1024,
            "data-too-large": message,
        }
        return super().widget_attrs(widget) | limits


class PictureFile(ImageFieldFile):
    """A stored picture, whose smaller copies are made after the row is committed."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        super().save(name, content, save)
        database = router.db_for_write(type(self.instance), instance=self.instance)
        stored = type(self)(self.instance, self.field, self.name)
        transaction.on_commit(partial(make_renditions, stored), using=database)


class PictureField(models.ImageField):
    """An ImageField that re-encodes uploads and makes the smaller copies for a `srcset`.

    It needs `width_field` and `height_field`, from which `{% picture %}` reads the size without
    opening the file.
    """

    attr_class = PictureFile

    def update_dimension_fields(
        self, instance: models.Model, force: bool = False, *args: Any, **kwargs: Any
    ) -> None:
        # Django would open the file if a row is read without its size, and fail if it is missing.
        if force or not isinstance(instance.__dict__.get(self.attname), str):
            super().update_dimension_fields(instance, force, *args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # The name of the upload is not stored, so its length does not matter.
        return super().formfield(**{"form_class": PictureFormField, "max_length": None, **kwargs})
