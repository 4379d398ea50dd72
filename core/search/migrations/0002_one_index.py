from django.db import migrations

INDEX = "gin ({}) WITH (gin_pending_list_limit = 512)"


def join_indexes(apps, schema_editor):
    replace(schema_editor, {"texts": "head, words"}, ["head", "words"])


def split_indexes(apps, schema_editor):
    replace(schema_editor, {"head": "head", "words": "words"}, ["texts"])


def replace(schema_editor, added, dropped):
    """Create indexes, then drop others, while the site goes on reading and writing."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, columns in added.items():
        # Exists if the database is new, or incomplete if the migration was interrupted.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS search_searchentry_{name}")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY search_searchentry_{name} "
            f"ON search_searchentry USING {INDEX.format(columns)}"
        )
    for name in dropped:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS search_searchentry_{name}")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(join_indexes, split_indexes),
    ]
