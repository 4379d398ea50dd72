"""The database columns of translated texts, of which there is one for each language of content.

The tables have those of all LANGUAGES_WITH_CONTENT, the models only those of LANGUAGES. So a
language is added by a setting, and one that is switched off takes no time and loses no text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, Field, Index, Model
from django.dispatch import receiver
from modeltranslation.fields import TranslationField
from modeltranslation.utils import build_localized_fieldname
from simple_history.signals import post_create_historical_record

from core.trigram_tables import drop_trigram_table


def unused_languages() -> list[str]:
    """The languages of content that the site does not use."""
    active = settings.MODELTRANSLATION_LANGUAGES
    return [code for code in settings.LANGUAGES_WITH_CONTENT if code not in active]


def translated_names(model: type[Model]) -> list[str]:
    """The names, without a language, of the texts that the table of `model` has in each one."""
    return [
        field.translated_field.name  # type: ignore[attr-defined]
        for field in model._meta.local_fields
        if isinstance(field, TranslationField) and field.language == settings.LANGUAGE_CODE
    ]


def unused_columns(model: type[Model]) -> list[str]:
    """The columns in the table of `model` for languages that the site does not use."""
    return [
        build_localized_fieldname(name, code)
        for name in translated_names(model)
        for code in unused_languages()
    ]


def copy_unused_columns(source: Model, target: Model, using: str = "default") -> None:
    """Copy the texts of unused languages from one row to another: an article and its version."""
    columns = [
        name for name in unused_columns(type(source)) if name in unused_columns(type(target))
    ]
    if not columns:
        return
    connection = connections[using]
    quote = connection.ops.quote_name
    from_table, to_table = (quote(type(row)._meta.db_table) for row in (source, target))
    from_key, to_key = (quote(str(type(row)._meta.pk.column)) for row in (source, target))
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {to_table} SET ({names}) ="  # noqa: S608
            f" (SELECT {names} FROM {from_table} WHERE {from_key} = %s) WHERE {to_key} = %s",
            [source.pk, target.pk],
        )


@receiver(post_create_historical_record)
def copy_to_version(instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """Store the texts of unused languages with the version that a plain `save` writes."""
    if history_instance.history_type != "-":
        copy_unused_columns(instance, history_instance)


class AddLanguages(Operation):
    """Add the columns of `languages` to translated texts, all at once.

    `texts` has the names of the texts by model. Each column is like that of the text in English.
    An AddField for each would load the models of all apps again a hundred times.
    """

    reversible = True

    def __init__(self, texts: Mapping[str, Sequence[str]], languages: Sequence[str]) -> None:
        self.texts, self.languages = texts, languages

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for name, fields in self._fields(app_label, state).items():
            state.models[app_label, name].fields |= fields
            state.reload_model(app_label, name)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in self._models(app_label, to_state):
            for field in self._new_fields(model):
                column = field.clone()
                # Stored texts in a new language are missing, and not equal to the default.
                column.default = NOT_PROVIDED
                column.set_attributes_from_name(field.name)
                column.model = model
                schema_editor.add_field(model, column)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        connection = schema_editor.connection
        for model in self._models(app_label, from_state):
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    drop_trigram_table(cursor, model._meta.db_table)
            for field in self._new_fields(model):
                schema_editor.remove_field(model, field)

    def describe(self) -> str:
        return f"Add columns for the languages {', '.join(self.languages)}"

    def _fields(self, app_label: str, state: ProjectState) -> dict[str, dict[str, Field]]:
        """The new fields, by model."""
        return {
            name: {
                build_localized_fieldname(text, code): state.models[app_label, name]
                .fields[f"{text}_en"]
                .clone()
                for text in texts
                for code in self.languages
            }
            for name, texts in self.texts.items()
        }

    def _models(self, app_label: str, state: ProjectState) -> list[Any]:
        return [state.apps.get_model(app_label, name) for name in self.texts]

    def _new_fields(self, model: Any) -> list[Field]:
        return [
            model._meta.get_field(build_localized_fieldname(text, code))
            for text in self.texts[model._meta.model_name]
            for code in self.languages
        ]


class AllLanguagesAutodetector(MigrationAutodetector):
    """Finds what has changed in the models as if they had the columns of all languages."""

    def __init__(self, from_state: ProjectState, to_state: ProjectState, *args: Any) -> None:
        for key, model in to_state.models.items():
            stored = from_state.models.get(key)
            _add_unused_languages(model, stored.options.get("indexes", []) if stored else [])
        super().__init__(from_state, to_state, *args)


def _add_unused_languages(state: ModelState, stored_indexes: Sequence[Index]) -> None:
    """Add to the state of a model its unused columns, and the stored indexes on them."""
    model = apps.get_model(state.app_label, state.name)
    for text in translated_names(model):
        used = state.fields[build_localized_fieldname(text, settings.LANGUAGE_CODE)]
        for code in unused_languages():
            state.fields[build_localized_fieldname(text, code)] = used.clone()
    unused = set(unused_columns(model))
    indexes = [index for index in stored_indexes if unused.intersection(index.fields)]
    if indexes:
        state.options["indexes"] = [*state.options["indexes"], *indexes]
