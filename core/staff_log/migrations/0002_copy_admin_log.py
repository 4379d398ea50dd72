"""Copies the log of Django's admin, in one statement for any number of rows."""

from django.db import migrations

KINDS = "CASE action_flag WHEN 1 THEN 'added' WHEN 3 THEN 'deleted' ELSE 'changed' END"
COPY = f"""
    INSERT INTO staff_log_staffaction
        (at, kind, user_id, username, content_type_id, object_id, object_repr, change_message)
    SELECT action_time, {KINDS}, user_id, username, content_type_id,
        SUBSTR(COALESCE(object_id, ''), 1, 255), object_repr, change_message
    FROM django_admin_log JOIN auth_user ON auth_user.id = user_id
    ORDER BY django_admin_log.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff_log", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
