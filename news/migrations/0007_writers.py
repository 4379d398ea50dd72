"""Editors publish; writers write, and ask for approval. An article was last changed when it appeared."""

from django.db import migrations, models
from django.utils import timezone

from config import roles


def grant(apps, schema_editor):
    roles.grant(apps, roles.EDITORS, "news", {"article": "publish"})
    writing = {"article": "add change view", "category": "view", "tag": "add view"}
    roles.grant(apps, roles.WRITERS, "news", writing)
    roles.grant(apps, roles.WRITERS, "richtext", {"picture": "add view"})


def date_changes(apps, schema_editor):
    articles = apps.get_model("news", "Article")._default_manager
    articles.filter(publish_time__lt=timezone.now()).update(updated_at=models.F("publish_time"))


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0006_readings"),
        ("richtext", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(date_changes, migrations.RunPython.noop, elidable=True),
    ]
