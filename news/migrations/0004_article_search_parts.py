from django.db import migrations

from core.trigrams import create_trigram_index, drop_trigram_index

TABLE = "news_article"


def create_index(apps, schema_editor):
    """Index the columns in which the list of articles searches, as Django compares them."""
    languages = ["en", "zh_hans", "ar"]
    columns = [f"{field}_{code}" for field in ("title", "summary") for code in languages]
    expressions = [f"UPPER({column}::text)" for column in (*columns, "slug", "author")]
    create_trigram_index(schema_editor, "article_search_parts", TABLE, expressions)


def drop_index(apps, schema_editor):
    drop_trigram_index(schema_editor, "article_search_parts")


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0003_imported_item_file"),
    ]

    operations = [
        migrations.RunPython(create_index, drop_index),
    ]
