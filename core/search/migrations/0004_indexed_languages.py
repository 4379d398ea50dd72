from django.conf import settings
from django.db import migrations, models

INDEXED = ["en", "zh-hans", "ar"]  # by the version before, whichever the site used


def store_languages(apps, schema_editor):
    """Let the worker rebuild the search only if the site's languages change with this version."""
    rows = apps.get_model("search", "IndexedLanguage").objects.using(schema_editor.connection.alias)
    codes = [code for code, _name in settings.LANGUAGES]
    rows.update(languages=",".join(codes if set(codes) <= set(INDEXED) else INDEXED))


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0004_words_on_sqlite"),
    ]

    operations = [
        migrations.AddField(
            model_name="indexedlanguage",
            name="languages",
            field=models.CharField(db_default="", max_length=200),
        ),
        migrations.RunPython(store_languages, migrations.RunPython.noop),
    ]
