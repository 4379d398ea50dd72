"""Let PostgreSQL find parts of words: the admin's search looks within names and addresses.

The extension comes with PostgreSQL, and since version 13 whoever may make tables in a database may
make it there. Where it is refused, and on SQLite, searching reads the table as it did before.
"""

import logging

from django.db import DatabaseError, migrations, transaction

logger = logging.getLogger(__name__)

SEARCHED = ["reference", "name", "email", "company"]  # as `InquiryAdmin.search_fields`


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # As Django looks for what contains a word, whatever its case.
    parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in SEARCHED)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(
                f"CREATE INDEX inquiry_search ON inquiries_inquiry USING gin ({parts})"
            )
    except DatabaseError as error:
        logger.warning("Searching many inquiries will be slow, without pg_trgm: %s", error)


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS inquiry_search")


class Migration(migrations.Migration):

    dependencies = [("inquiries", "0013_long_lists")]

    operations = [migrations.RunPython(make_index, drop_index)]
