"""Creates the groups and gives them their permissions on this app."""

from django.db import migrations

from core import roles

ALL = "add change delete view"


def grant_permissions(apps, schema_editor):
    roles.grant_permissions(
        apps,
        roles.MANAGERS,
        "contacts",
        {
            "company": "change view",
            "workinghours": ALL,
            "holiday": ALL,
            "contact": ALL,
            "absence": ALL,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
