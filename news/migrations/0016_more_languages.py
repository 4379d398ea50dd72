from django.db import migrations

from core.language_columns import AddLanguages

LANGUAGES = ["es", "fr", "ru", "zh-hant", "pt", "de", "it", "tr", "vi", "ja", "ko"]


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0015_pages_of_imported_items"),
    ]

    operations = [
        AddLanguages(
            {
                "article": ["title", "summary", "body", "excerpt", "cover_alt"],
                "articleversion": ["title", "summary", "body", "cover_alt"],
                "category": ["name"],
                "tag": ["name"],
            },
            LANGUAGES,
        ),
    ]
