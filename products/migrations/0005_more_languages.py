from django.db import migrations

from core.language_columns import AddLanguages

LANGUAGES = ["es", "fr", "ru", "zh-hant", "pt", "de", "it", "tr", "vi", "ja", "ko"]


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0004_specification_statistics"),
    ]

    operations = [
        AddLanguages(
            {
                "category": ["name", "description"],
                "product": ["name", "summary", "description", "unit", "port", "lead_time"],
                "specification": ["name", "value"],
                "productimage": ["alt"],
                "variant": ["name", "specification"],
                "download": ["title"],
            },
            LANGUAGES,
        ),
    ]
