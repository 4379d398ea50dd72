"""Storing the files of a form before its rows are saved."""

import logging
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import FileField
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.storage import are_new_files_noted, new_files

logger = logging.getLogger(__name__)


class StoredFilesAdmin(admin.ModelAdmin):
    """Shows the form again, with an error beside the field, if a file cannot be stored.

    A valid file is stored while the form is validated. The files of a form that is not saved, or
    whose rows cannot be saved, are deleted again.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with new_files() as files:
            response = super().changeform_view(request, *args, **kwargs)
            context = getattr(response, "context_data", None) or {}
            if context.get("errors"):
                files.delete()
            return response

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        return _storing_files(super().get_form(*args, **kwargs))

    def get_formsets_with_inlines(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for formset, inline in super().get_formsets_with_inlines(*args, **kwargs):
            formset.form = _storing_files(formset.form)
            yield formset, inline


def _storing_files(form_class: Any) -> Any:
    """A form class that was made for one request, whose valid forms store their files."""
    validate = form_class._post_clean

    def post_clean(form: ModelForm) -> None:
        validate(form)
        if are_new_files_noted() and not form.errors:
            _store_files(form)

    form_class._post_clean = post_clean
    return form_class


def _store_files(form: ModelForm) -> None:
    for field in form.instance._meta.concrete_fields:
        if isinstance(field, FileField) and field.name in form.fields:
            try:
                field.pre_save(form.instance, add=False)
            except OSError:
                logger.exception("The file of %s cannot be stored.", field)
                form.add_error(field.name, not_stored_message())


def not_stored_message() -> str:
    """What a member of staff reads beside a file that the storage refused."""
    return _("The file could not be stored. Try again later.")
