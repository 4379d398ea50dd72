"""Lets managers and sales contacts add inquiries."""

from django.db import migrations

from core import roles


def grant_permissions(apps, schema_editor):
    for role in (roles.MANAGERS, roles.SALES):
        roles.grant_permissions(apps, role, "inquiries", {"inquiry": "add"})


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0006_inquiry_sources_of_staff")]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
