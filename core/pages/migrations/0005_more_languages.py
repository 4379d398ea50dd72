from django.db import migrations

from core.language_columns import AddLanguages

LANGUAGES = ["es", "fr", "ru", "zh-hant", "pt", "de", "it", "tr", "vi", "ja", "ko"]


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0004_from_flat_pages"),
    ]

    operations = [
        AddLanguages(
            {
                "page": ["title", "description"],
                "pageversion": ["title", "description"],
            },
            LANGUAGES,
        ),
    ]
