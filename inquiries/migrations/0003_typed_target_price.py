import core.validators
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0002_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="target_price_text",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=100,
                validators=[core.validators.validate_line],
            ),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="phone",
            field=models.CharField(
                blank=True,
                max_length=60,
                validators=[core.validators.validate_line, core.validators.validate_phone],
                verbose_name="phone",
            ),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="target_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=16,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="target price",
            ),
        ),
    ]
