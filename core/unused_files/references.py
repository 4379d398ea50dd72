"""Which files the rows of the site refer to.

Any text of any model counts: the name in a `FileField` or in a version of it, a link in a rich
text, a value in JSON. So no field has to be registered, and a text that only looks like a reference
merely saves a file.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.core.files.storage import default_storage, storages
from django.db import connection
from django.db.models import CharField, FileField, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from core.pages.block_fields import FOLDER
from core.unused_files.models import CleanupRun, UnusedFile

OWN_MODELS = (CleanupRun, UnusedFile)
ROWS_IN_MEMORY = 100
MAX_NAME_LENGTH = 1024
NAME_ENDS = r"\"'<>?#&\\\r\n"  # a character class
USUAL_NAME = re.compile(r"[-\w./%]+")  # what Django makes of the name of an upload


def upload_folders() -> dict[str, set[str]]:
    """The folders that the `FileField`s of all models fill, by the storage that they are in.

    Files elsewhere are not the site's: those of an operator, or backups.
    """
    folders: dict[str, set[str]] = {"media": set(), "private": set()}
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                name = field.generate_filename(model(), "name")
                storage = "media" if field.storage is default_storage else "private"
                folders[storage].update(re.findall(r"^[^/]+(?=/)", name))
    folders["media"].add(FOLDER)  # of files that blocks of pages name in their JSON
    # The archives of backups may be in a folder of the bucket of private files.
    folders["private"].discard(str(getattr(storages["backups"], "location", "")).split("/")[0])
    return folders


def referenced_names(folders: Iterable[str]) -> Iterator[str]:
    """All names in these folders that a row contains; some are repeated, or those of no file."""
    start = f"({'|'.join(map(re.escape, sorted(folders)))})/"
    # A lookahead, since a text may continue with the next name: `a.webp 480w, /media/news/b.webp`.
    reference = re.compile(rf"(?=({start}[^{NAME_ENDS}]+))")
    tables = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in tables and model not in OWN_MODELS:
            for text in _texts(model, start):
                yield text[:MAX_NAME_LENGTH]
                for found, _folder in reference.findall(text):
                    yield from _possible_names(found)


def _texts(model: type[Model], pattern: str) -> Iterator[str]:
    """The texts in the rows of a model in which the pattern occurs, and some others."""
    fields = [each for each in model._meta.local_concrete_fields if _has_text(each)]
    if not fields:
        return
    # Not by a manager, which may hide rows, or replace a column by that of another language.
    rows: QuerySet[Any] = QuerySet(model)
    occurs = Q()
    for field in fields:
        name = field.attname
        if isinstance(field, JSONField):
            name = f"{name}_as_text"
            rows = rows.annotate(**{name: Cast(field.attname, TextField())})
        occurs |= Q(**{f"{name}__regex": pattern})
    found = rows.filter(occurs).values_list(*(field.attname for field in fields))
    for values in found.iterator(chunk_size=ROWS_IN_MEMORY):
        for value in filter(None, values):
            yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _has_text(field: Any) -> bool:
    return isinstance(field, (CharField, FileField, JSONField, TextField)) and not field.choices


def _possible_names(found: str) -> Iterator[str]:
    """The name at the start of a text: all of it, up to a space, or of usual characters."""
    usual = USUAL_NAME.match(found)
    for name in {found.strip(), found.split()[0], usual[0].rstrip(".") if usual else ""}:
        yield name
        yield unquote(name)
