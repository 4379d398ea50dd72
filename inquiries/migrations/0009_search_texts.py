import django.db.models.deletion
from django.db import migrations, models

from core.trigrams import create_trigram_index, drop_trigram_index
from inquiries.search_text import rebuild_search_texts

def fill(apps, schema_editor):
    """Build the texts of the inquiries that are stored."""
    inquiries = apps.get_model("inquiries", "Inquiry").objects.all()
    rebuild_search_texts(inquiries, apps.get_model("inquiries", "InquirySearchText").objects)


def create_index(apps, schema_editor):
    drop_trigram_index(schema_editor, "inquiry_search")
    table = "inquiries_inquirysearchtext"
    create_trigram_index(schema_editor, "inquiry_search_text", table, ["text"])


def drop_index(apps, schema_editor):
    drop_trigram_index(schema_editor, "inquiry_search_text")


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0008_attachment_previews"),
    ]

    operations = [
        migrations.CreateModel(
            name="InquirySearchText",
            fields=[
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="inquiries.inquiry",
                    ),
                ),
                ("text", models.TextField(editable=False)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(create_index, drop_index),
    ]
