import django.db.models.deletion
from django.db import migrations, models


def book_all(apps, schema_editor):
    """What was read before belongs to no day."""
    apps.get_model("news", "Article").objects.update(views_booked=models.F("views"))


class Migration(migrations.Migration):

    dependencies = [
        ("news", "0005_publishing"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyViews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("views", models.PositiveBigIntegerField(default=0, verbose_name="views")),
                ("article", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="daily_views", to="news.article")),
            ],
            options={
                "verbose_name": "readings of a day",
                "verbose_name_plural": "readings by day",
                "ordering": ["-day"],
                "indexes": [models.Index(fields=["day", "article", "views"], name="daily_views_by_day")],
                "constraints": [models.UniqueConstraint(fields=("article", "day"), name="daily_views_once_a_day")],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="views_booked",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(book_all, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(condition=models.Q(("views__gt", models.F("views_booked"))), fields=["id"], name="article_unbooked"),
        ),
    ]
