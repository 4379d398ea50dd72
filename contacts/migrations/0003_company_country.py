
import django_countries.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='country',
            field=django_countries.fields.CountryField(blank=True, db_default='', default='', help_text='Phone numbers without a country code are dialled as numbers of this country. If empty, the country code of the phone number applies, or else the time zone.', max_length=2, verbose_name='country'),
        ),
    ]
