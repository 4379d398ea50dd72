"""Give the roles their permissions on this app."""

from django.db import migrations

from config import roles

EVERYTHING = "add change delete view"


def grant(apps, schema_editor):
    roles.grant(
        apps,
        roles.MANAGERS,
        "products",
        {
            "category": EVERYTHING,
            "product": EVERYTHING,
            "specification": EVERYTHING,
            "productimage": EVERYTHING,
        },
    )
    for role in (roles.EDITORS, roles.SALES):
        roles.grant(apps, role, "products", {"category": "view", "product": "view"})


class Migration(migrations.Migration):

    dependencies = [
        ("products", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
