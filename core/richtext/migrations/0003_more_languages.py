from django.db import migrations

from core.language_columns import AddLanguages

LANGUAGES = ["es", "fr", "ru", "zh-hant", "pt", "de", "it", "tr", "vi", "ja", "ko"]


class Migration(migrations.Migration):
    dependencies = [
        ("richtext", "0002_groups"),
    ]

    operations = [
        AddLanguages(
            {
                "picture": ["alt"],
            },
            LANGUAGES,
        ),
    ]
