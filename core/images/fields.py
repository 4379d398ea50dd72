"""The field that keeps a picture: a cover, a photograph, a logo."""

from functools import partial
from typing import Any

from django import forms
from django.core.files.base import File
from django.db import models, router, transaction
from django.db.models.fields.files import ImageFieldFile

from core.images.renditions import make_renditions
from core.images.uploads import EXTENSIONS, prepare_picture


class PictureFormField(forms.ImageField):
    """An upload, checked and encoded anew; raises ValidationError as `prepare_picture` does."""

    default_validators = []  # its name is ours, made from what decoding found

    def to_python(self, data: Any) -> File | None:
        upload = forms.FileField.to_python(self, data)
        return prepare_picture(upload) if upload else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        accept = ",".join(f"image/{name.lower()}" for name in EXTENSIONS)
        return super().widget_attrs(widget) | {"accept": accept}


class PictureFile(ImageFieldFile):
    """A picture in its storage; its smaller copies are made after the row is committed."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        super().save(name, content, save)
        database = router.db_for_write(type(self.instance), instance=self.instance)
        kept = type(self)(self.instance, self.field, self.name)
        transaction.on_commit(partial(make_renditions, kept), using=database)

    save.alters_data = True  # type: ignore[attr-defined]


class PictureField(models.ImageField):
    """An ImageField whose uploads go through `prepare_picture` and whose copies fill a `srcset`.

    Give it `width_field` and `height_field`: `{% picture %}` reads the size from there, so that no
    page opens a file.
    """

    attr_class = PictureFile

    def update_dimension_fields(
        self, instance: models.Model, force: bool = False, *args: Any, **kwargs: Any
    ) -> None:
        # Django would open the file of a row that is read without its size; where the file is
        # lost, the page could not be shown for it.
        if force or not isinstance(instance.__dict__.get(self.attname), str):
            super().update_dimension_fields(instance, force, *args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # The upload's own name is dropped, so its length does not matter.
        return super().formfield(**{"form_class": PictureFormField, "max_length": None, **kwargs})
