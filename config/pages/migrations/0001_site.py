"""Name the one site after SITE_URL, and let editors write pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations

from config import roles


def name_site(apps, schema_editor):
    domain = urlsplit(settings.SITE_URL).netloc
    apps.get_model("sites", "Site").objects.update_or_create(
        pk=settings.SITE_ID, defaults={"domain": domain, "name": domain}
    )


def grant(apps, schema_editor):
    roles.grant(apps, roles.EDITORS, "flatpages", {"flatpage": "add change delete view"})


class Migration(migrations.Migration):

    dependencies = [
        ("sites", "0002_alter_domain_unique"),
        ("flatpages", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(name_site, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(grant, migrations.RunPython.noop, elidable=False),
    ]
