import core.storage
import inquiries.models.attachment
from django.db import migrations, models


def request_previews(apps, schema_editor):
    """Let the worker make the previews of the pictures that were attached before."""
    attachments = apps.get_model("inquiries", "Attachment").objects
    attachments.filter(kind__in=["jpg", "png", "gif", "webp"]).update(needs_preview=True)


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0007_add_inquiry_permission"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="needs_preview",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="attachment",
            name="preview",
            field=models.FileField(
                blank=True,
                db_default="",
                default="",
                storage=core.storage.private_storage,
                upload_to=inquiries.models.attachment.random_preview_name,
                verbose_name="preview",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("needs_preview", True)),
                fields=["id"],
                name="attachment_needs_preview",
            ),
        ),
        migrations.RunPython(request_previews, migrations.RunPython.noop),
    ]
