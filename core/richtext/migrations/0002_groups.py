"""Creates the groups and gives them their permissions on this app."""

from django.db import migrations

from core import roles

ALL = "add change delete view"


def grant_permissions(apps, schema_editor):
    for role in (roles.EDITORS, roles.MANAGERS):
        roles.grant_permissions(apps, role, "richtext", {"picture": ALL})
    roles.grant_permissions(apps, roles.WRITERS, "richtext", {"picture": "add view"})


class Migration(migrations.Migration):
    dependencies = [
        ("richtext", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
