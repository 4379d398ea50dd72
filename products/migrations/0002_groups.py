"""Creates the groups and gives them their permissions on this app."""

from django.db import migrations

from core import roles

ALL = "add change delete view"


def grant_permissions(apps, schema_editor):
    roles.grant_permissions(
        apps,
        roles.MANAGERS,
        "products",
        {
            "category": ALL,
            "product": ALL,
            "specification": ALL,
            "productimage": ALL,
            "variant": ALL,
            "download": ALL,
        },
    )
    for role in (roles.EDITORS, roles.SALES):
        roles.grant_permissions(apps, role, "products", {"category": "view", "product": "view"})


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
