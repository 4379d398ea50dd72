"""Who keeps the company keeps its calendar; who keeps the contacts keeps their absences."""

from django.db import migrations

from config import roles

EVERYTHING = "add change delete view"


def grant(apps, schema_editor):
    calendar = {"workinghours": EVERYTHING, "holiday": EVERYTHING, "absence": EVERYTHING}
    roles.grant(apps, roles.MANAGERS, "contacts", calendar)


class Migration(migrations.Migration):

    dependencies = [("contacts", "0004_absences")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
