"""The model field for rich text."""

from typing import Any

from ckeditor.fields import RichTextField as CKEditorField
from ckeditor.fields import RichTextFormField as CKEditorFormField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.richtext.cleaning import clean_html
from core.richtext.widgets import RichTextWidget


class RichTextFormField(CKEditorFormField):
    """Rich text in a form: cleaned when it is sent, and when it is loaded into the editor."""

    widget = RichTextWidget

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return clean_html(value) if isinstance(value, str) else value

    def prepare_value(self, value: Any) -> Any:
        value = super().prepare_value(value)
        return clean_html(value) if isinstance(value, str) else value


class RichTextField(CKEditorField):
    """Text in HTML, cleaned whenever it is written: by save, update, bulk methods and fixtures.

    Expressions such as `Concat(...)` are evaluated by the database and not cleaned until the text
    is shown with `{{ text|richtext }}`.
    """

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        value = super().get_db_prep_save(value, connection)
        return clean_html(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # Not by setattr: the descriptor of modeltranslation would write to another language.
        html = model_instance.__dict__.get(self.attname)
        if isinstance(html, str):
            model_instance.__dict__[self.attname] = clean_html(html)
        return super().pre_save(model_instance, add)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})
