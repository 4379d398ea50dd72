from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('job', models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name='job')),
                ('machine', models.CharField(max_length=255, verbose_name='machine')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('duration', models.DurationField(verbose_name='duration')),
                ('failed_at', models.DateTimeField(null=True, verbose_name='failed at')),
                ('error', models.TextField(blank=True, verbose_name='error')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['job'],
            },
        ),
    ]
