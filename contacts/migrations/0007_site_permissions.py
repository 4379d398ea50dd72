"""Lets managers change the site's look and social networks."""

from django.db import migrations

from core import roles


def grant_permissions(apps, schema_editor):
    roles.grant_permissions(
        apps,
        roles.MANAGERS,
        "contacts",
        {"site": "change view", "sociallink": "add change delete view"},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_site"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
