"""Give the roles their permissions on what answering needs."""

from django.db import migrations

from config import roles

EVERYTHING = "add change delete view"


def grant(apps, schema_editor):
    roles.grant(
        apps,
        roles.MANAGERS,
        "inquiries",
        {
            "inquiry": "erase",
            "assignmentrule": EVERYTHING,
            "answertemplate": EVERYTHING,
            "desk": "change view",
        },
    )


class Migration(migrations.Migration):

    dependencies = [
        ("inquiries", "0008_answering"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
