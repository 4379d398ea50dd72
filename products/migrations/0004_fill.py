"""Let products be found and filtered that were there before, and managers keep what is new."""

from django.db import migrations

from config import roles
from products.texts import in_first_language, key, searched

EVERYTHING = "add change delete view"


def fill(apps, schema_editor):
    for line in apps.get_model("products", "Specification").objects.iterator(500):
        line.name_key = key(in_first_language(line, "name"), 100)
        line.value_key = key(in_first_language(line, "value"), 200)
        line.save(update_fields=["name_key", "value_key"])
    products = apps.get_model("products", "Product").objects
    for product in products.prefetch_related("specifications").iterator(500):
        product.searched = searched(product, product.specifications.all(), [])
        product.save(update_fields=["searched"])


def grant(apps, schema_editor):
    roles.grant(
        apps, roles.MANAGERS, "products", {"variant": EVERYTHING, "download": EVERYTHING}
    )


class Migration(migrations.Migration):

    dependencies = [
        ("products", "0003_trade_terms"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(grant, migrations.RunPython.noop, elidable=False),
    ]
