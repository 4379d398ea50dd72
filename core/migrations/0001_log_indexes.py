"""Indexes for the lists and searches of other packages' logs, which grow for years."""

from django.db import migrations, models

from core.trigrams import create_trigram_index, drop_trigram_index

INDEXES = [
    ("admin", "LogEntry", models.Index(fields=["user", "-action_time"], name="log_of_user")),
    ("admin", "LogEntry", models.Index(fields=["content_type", "object_id"], name="log_of_object")),
    ("axes", "AccessAttempt", models.Index(fields=["attempt_time"], name="attempt_by_time")),
    ("axes", "AccessLog", models.Index(fields=["attempt_time"], name="access_by_time")),
    ("axes", "AccessFailureLog", models.Index(fields=["attempt_time"], name="failure_by_time")),
]
OUTBOX_SEARCH = "outbox_search_parts"


def add(apps, schema_editor):
    for label, model, index in INDEXES:
        schema_editor.add_index(apps.get_model(label, model), index)
    columns = ['UPPER("to"::text)', "UPPER(subject::text)"]  # as Django compares them
    create_trigram_index(schema_editor, OUTBOX_SEARCH, "post_office_email", columns)


def remove(apps, schema_editor):
    drop_trigram_index(schema_editor, OUTBOX_SEARCH)
    for label, model, index in INDEXES:
        schema_editor.remove_index(apps.get_model(label, model), index)


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("axes", "0010_accessattemptexpiration"),
        ("post_office", "0014_alter_email_recipient_delivery_status_and_more"),
    ]
    operations = [migrations.RunPython(add, remove)]
