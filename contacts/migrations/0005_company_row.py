"""The row of the company, so that nothing that reads it has to create it."""

from django.db import migrations


def create_company(apps, schema_editor):
    apps.get_model("contacts", "Company").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_company_time_zone_of_all_times")]

    operations = [migrations.RunPython(create_company, migrations.RunPython.noop)]
