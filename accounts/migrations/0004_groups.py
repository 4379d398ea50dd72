"""Lets managers invite colleagues."""

from django.db import migrations

from core import roles


def grant_permissions(apps, schema_editor):
    roles.grant_permissions(apps, roles.MANAGERS, "accounts", {"invitation": "add delete view"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitations")]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
