"""Lets editors and managers change the menus."""

from django.db import migrations

from core import roles


def grant_permissions(apps, schema_editor):
    for role in (roles.EDITORS, roles.MANAGERS):
        roles.grant_permissions(apps, role, "menus", {"menuitem": "add change delete view"})


class Migration(migrations.Migration):
    dependencies = [
        ("menus", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
