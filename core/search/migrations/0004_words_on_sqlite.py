from django.db import migrations

from core.search import sqlite


def add_words(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(sqlite.CREATE_WORD_TABLE)
        with schema_editor.connection.cursor() as cursor:
            sqlite.add_words(cursor, sqlite.indexed_words(cursor))


def remove_words(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(sqlite.DROP_WORD_TABLE)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_indexed_language"),
    ]

    operations = [
        migrations.RunPython(add_words, remove_words),
    ]
