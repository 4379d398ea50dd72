from django.conf import settings
from django.db import migrations

from products.services.numbers import store_numbers


def fill(apps, schema_editor):
    """Store the numbers of the specifications that are there, in batches of their own."""
    model = apps.get_model("products", "Specification")
    store_numbers(model, schema_editor.connection.alias, settings.LANGUAGE_CODE)


class Migration(migrations.Migration):
    atomic = False  # so that no row stays locked until all are filled

    dependencies = [
        ("products", "0006_specification_numbers"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
