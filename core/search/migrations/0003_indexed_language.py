from django.conf import settings
from django.db import migrations, models


def store_language(apps, schema_editor):
    model = apps.get_model("search", "IndexedLanguage")
    model.objects.using(schema_editor.connection.alias).create(pk=1, code=settings.LANGUAGE_CODE)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_one_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexedLanguage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10)),
            ],
            options={"default_permissions": []},
        ),
        migrations.RunPython(store_language, migrations.RunPython.noop),
    ]
