"""Give the roles their permissions on this app."""

from django.db import migrations

from config import roles



def grant(apps, schema_editor):
    for role in (roles.EDITORS, roles.MANAGERS):
        roles.grant(apps, role, "richtext", {"picture": "add change delete view"})


class Migration(migrations.Migration):

    dependencies = [
        ("richtext", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
