"""Adds the page of an imported item; the column for flat pages stays for the version before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0013_deleted_articles"),
        ("pages", "0004_from_flat_pages"),
        ("flatpages", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "importeditem",
            "new_page",
            models.ForeignKey(
                "pages.Page",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                db_column="page_of_blocks_id",
            ),
        ),
    ]
