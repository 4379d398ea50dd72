from django.db import migrations

from core.language_columns import AddLanguages

LANGUAGES = ["es", "fr", "ru", "zh-hant", "pt", "de", "it", "tr", "vi", "ja", "ko"]


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_site_permissions"),
    ]

    operations = [
        AddLanguages(
            {
                "company": ["name", "address", "about", "footer_text"],
                "contact": ["title", "department", "city"],
                "holiday": ["name"],
            },
            LANGUAGES,
        ),
    ]
