"""The field for text that an editor lays out."""

from typing import Any

from ckeditor.fields import RichTextField as CKEditorField
from ckeditor.fields import RichTextFormField as CKEditorFormField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.richtext.cleaning import clean_html
from core.richtext.widgets import RichTextWidget


class RichTextFormField(CKEditorFormField):
    widget = RichTextWidget


class RichTextField(CKEditorField):
    """Text in HTML, cleaned on every way into the database: save, update, bulk and fixtures alike.

    An expression, as `Concat(...)`, is worked out by the database and passes unseen; what it makes
    is cleaned where it is shown, by `{{ text|richtext }}`.
    """

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        value = super().get_db_prep_save(value, connection)
        return clean_html(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # Put back past the descriptor: modeltranslation's would write to another language's field.
        kept = model_instance.__dict__.get(self.attname)
        if isinstance(kept, str):
            model_instance.__dict__[self.attname] = clean_html(kept)
        return super().pre_save(model_instance, add)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})
