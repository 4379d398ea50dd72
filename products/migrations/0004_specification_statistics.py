from django.db import migrations

NAME = "specification_pairs"
TABLE = "products_specification"


def create_statistics(apps, schema_editor):
    """Tell PostgreSQL how many rows have a name and a value: most values belong to one name only."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE STATISTICS {NAME} (mcv, ndistinct) ON name_key, value_key FROM {TABLE}"
        )
        schema_editor.execute(f"ANALYZE {TABLE}")


def drop_statistics(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP STATISTICS {NAME}")


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0003_admin_list_indexes'),
    ]

    operations = [
        migrations.RunPython(create_statistics, drop_statistics),
    ]
