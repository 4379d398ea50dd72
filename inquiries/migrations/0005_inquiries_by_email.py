"""Adds the source of inquiries by e-mail and the event of their confirmation."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inquiries', '0004_mailbox'),
    ]

    operations = [
        migrations.AlterField(
            model_name='inquiry',
            name='source',
            field=models.CharField(choices=[('product', 'Product'), ('article', 'Article'), ('basket', 'Inquiry list'), ('contact', 'Contact card'), ('page', 'Other page'), ('email', 'E-mail')], default='page', editable=False, max_length=10, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='inquiryevent',
            name='kind',
            field=models.CharField(choices=[('received', 'Received'), ('acknowledged', 'Confirmation sent'), ('asked_again', 'Follow-up inquiry'), ('message', 'Message'), ('held', 'Held as spam'), ('held_message', 'Message held as spam'), ('released', 'Marked as not spam'), ('assigned', 'Assigned to'), ('answered', 'Answered'), ('note', 'Internal note'), ('status_changed', 'Status changed to'), ('reminded', 'Reminder sent to'), ('escalated', 'Managers notified'), ('bounced', 'Delivery failed'), ('merged', 'Merged with'), ('split', 'Split off'), ('erased', 'Personal data erased')], max_length=20, verbose_name='event type'),
        ),
    ]
