"""The search index: its tables, filled with the articles that there are."""

import django.db.models.deletion
from django.db import migrations, models

from news.search import index


def create(apps, schema_editor):
    _execute(schema_editor, index.database().CREATE)


def fill(apps, schema_editor):
    articles = apps.get_model("news", "Article")._default_manager
    numbers = articles.order_by("pk").values_list("pk", flat=True)
    index.update(numbers.iterator(chunk_size=10_000), articles)


def create_indexes(apps, schema_editor):
    _execute(schema_editor, index.database().CREATE_INDEXES)


def drop(apps, schema_editor):
    _execute(schema_editor, index.database().DROP)


def _execute(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0003_category_parent"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("tags", models.TextField()),
                ("summary", models.TextField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="news.article",
                    ),
                ),
            ],
        ),
        migrations.RunPython(create, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(create_indexes, migrations.RunPython.noop),
    ]
