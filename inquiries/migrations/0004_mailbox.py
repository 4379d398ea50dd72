"""Adds the mailbox and its unprocessed e-mails, which managers see."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core import roles


def grant_permissions(apps, schema_editor):
    permissions = {"unprocessedemail": "delete view"}
    roles.grant_permissions(apps, roles.MANAGERS, "inquiries", permissions)


class Migration(migrations.Migration):

    dependencies = [
        ('inquiries', '0003_typed_target_price'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, unique=True)),
                ('uid_validity', models.PositiveBigIntegerField(null=True)),
                ('last_uid', models.PositiveBigIntegerField(default=0)),
                ('starts_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'mailbox',
                'verbose_name_plural': 'mailboxes',
            },
        ),
        migrations.CreateModel(
            name='UnprocessedEmail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.PositiveBigIntegerField(null=True)),
                ('sender', models.CharField(blank=True, max_length=254, verbose_name='sender')),
                ('subject', models.CharField(blank=True, max_length=300, verbose_name='subject')),
                ('error', models.CharField(max_length=300, verbose_name='error')),
                ('failed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='set aside')),
                ('is_retried', models.BooleanField(default=True, verbose_name='tried again')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inquiries.mailbox')),
            ],
            options={
                'verbose_name': 'unprocessed e-mail',
                'verbose_name_plural': 'unprocessed e-mails',
                'ordering': ['-failed_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('mailbox', 'uid'), name='unprocessed_email_once')],
            },
        ),
        migrations.RunPython(grant_permissions, migrations.RunPython.noop),
    ]
