"""Give the roles their permissions on this app."""

from django.db import migrations

from config import roles

EVERYTHING = "add change delete view"


def grant(apps, schema_editor):
    roles.grant(
        apps, roles.MANAGERS, "contacts", {"company": "change view", "contact": EVERYTHING}
    )


class Migration(migrations.Migration):

    dependencies = [
        ("contacts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
