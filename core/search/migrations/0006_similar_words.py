from django.db import migrations

from core.search import sqlite
from core.search.models import WORD_TABLE
from core.trigrams import create_trigram_index, drop_trigram_index

INDEX = f"{WORD_TABLE}_trigrams"


def add_trigrams(apps, schema_editor):
    create_trigram_index(schema_editor, INDEX, WORD_TABLE, ["word"])
    if schema_editor.connection.vendor == "sqlite":
        for statement in sqlite.trigram_statements():
            schema_editor.execute(statement)


def remove_trigrams(apps, schema_editor):
    drop_trigram_index(schema_editor, INDEX)
    if schema_editor.connection.vendor == "sqlite":
        for statement in sqlite.DROP_TRIGRAMS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_index_version"),
    ]

    operations = [
        migrations.RunPython(add_trigrams, remove_trigrams),
    ]
