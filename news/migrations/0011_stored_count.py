from django.db import migrations, models

COLUMN = models.PositiveBigIntegerField(
    db_column="redis_views", db_default=0, default=0, editable=False
)


class Migration(migrations.Migration):
    """A better name for a field; its column stays as it is."""

    dependencies = [("news", "0010_newest_expiring")]

    operations = [
        migrations.AlterField("article", "redis_views", COLUMN),
        migrations.RenameField("article", "redis_views", "stored_count"),
    ]
