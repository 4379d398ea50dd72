"""Creates the group that maintains the catalogue and nothing else."""

from django.db import migrations

from core import roles

ALL = "add change delete view"


def grant_permissions(apps, schema_editor):
    models = ["category", "product", "specification", "productimage", "variant", "download"]
    role = roles.CATALOGUE_EDITORS
    roles.grant_permissions(apps, role, "products", dict.fromkeys(models, ALL))
    roles.grant_permissions(apps, role, "richtext", {"picture": ALL})
    roles.grant_permissions(apps, role, "contacts", {"contact": "view"})


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0008_packing_and_prices"),
        ("contacts", "0002_groups"),
        ("richtext", "0002_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant_permissions, migrations.RunPython.noop)]
