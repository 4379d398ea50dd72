import logging

import core.languages
import core.validators
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_countries.fields
import core.storage
import inquiries.models.attachment
import inquiries.placeholders
from django.conf import settings
from django.db import DatabaseError, migrations, models, transaction


logger = logging.getLogger(__name__)

SEARCHED = ["reference", "name", "email", "company"]  # as `InquiryAdmin.search_fields`


def create_search_index(apps, schema_editor):
    """On PostgreSQL, index parts of words for the admin's search, which looks within columns.

    The extension comes with PostgreSQL, and since version 13 the owner of a database may install
    it. Where that is refused, and on SQLite, a search reads the whole table.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    # The expression that Django compares for `icontains`.
    parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in SEARCHED)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(
                f"CREATE INDEX inquiry_search ON inquiries_inquiry USING gin ({parts})"
            )
    except DatabaseError as error:
        logger.warning("Searching many inquiries will be slow, without pg_trgm: %s", error)


def drop_search_index(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS inquiry_search")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contacts', '0002_groups'),
        ('products', '0002_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('language', models.CharField(blank=True, choices=core.languages.language_choices, help_text='Suggested first for inquiries in this language. Leave empty for all languages.', max_length=10, verbose_name='language')),
                ('text', models.TextField(max_length=10000, validators=[core.validators.validate_text, inquiries.placeholders.validate_placeholders], verbose_name='text')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'reply template',
                'verbose_name_plural': 'reply templates',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='InquirySettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reply_hours', models.PositiveSmallIntegerField(default=8, help_text='In working hours. Buyers are shown the resulting deadline.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(400)], verbose_name='first reply within')),
                ('reminder_hours', models.PositiveSmallIntegerField(default=2, help_text='Working hours before the first reply is due. Enter 0 for no reminder.', validators=[django.core.validators.MaxValueValidator(400)], verbose_name='remind the assignee')),
                ('assigns_to_least_busy', models.BooleanField(default=False, help_text='Assigns the inquiry to the available contact with the fewest open inquiries.', verbose_name='assign automatically if no rule matches')),
                ('sends_digest', models.BooleanField(default=True, help_text='Sent every morning to contacts and managers: open and overdue inquiries.', verbose_name='daily digest')),
                ('digest_sent_on', models.DateField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'inquiry settings',
                'verbose_name_plural': 'inquiry settings',
            },
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, validators=[core.validators.validate_line], verbose_name='name')),
                ('email', models.EmailField(max_length=254, validators=[core.validators.validate_line], verbose_name='e-mail')),
                ('company', models.CharField(blank=True, max_length=150, validators=[core.validators.validate_line], verbose_name='company')),
                ('country', django_countries.fields.CountryField(blank=True, max_length=2, verbose_name='country')),
                ('phone', models.CharField(blank=True, max_length=40, validators=[core.validators.validate_line, core.validators.validate_phone], verbose_name='phone')),
                ('phone_e164', models.CharField(blank=True, editable=False, max_length=16)),
                ('language', models.CharField(editable=False, max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(blank=True, editable=False, max_length=50, verbose_name='time zone')),
                ('reference', models.CharField(editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('message', models.TextField(max_length=5000, validators=[core.validators.validate_text], verbose_name='message')),
                ('source', models.CharField(choices=[('product', 'Product'), ('article', 'Article'), ('basket', 'Inquiry list'), ('contact', 'Contact card'), ('page', 'Other page')], default='page', editable=False, max_length=10, verbose_name='source')),
                ('source_page', models.CharField(blank=True, editable=False, max_length=300, verbose_name='source page')),
                ('destination_port', models.CharField(blank=True, max_length=100, validators=[core.validators.validate_line], verbose_name='port of destination')),
                ('incoterm', models.CharField(blank=True, choices=[('EXW', 'EXW – Ex Works'), ('FCA', 'FCA – Free Carrier'), ('FAS', 'FAS – Free Alongside Ship'), ('FOB', 'FOB – Free On Board'), ('CFR', 'CFR – Cost and Freight'), ('CIF', 'CIF – Cost, Insurance and Freight'), ('CPT', 'CPT – Carriage Paid To'), ('CIP', 'CIP – Carriage and Insurance Paid To'), ('DAP', 'DAP – Delivered At Place'), ('DPU', 'DPU – Delivered at Place Unloaded'), ('DDP', 'DDP – Delivered Duty Paid')], max_length=3, verbose_name='Incoterm (2020)')),
                ('target_price', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='target price')),
                ('currency', models.CharField(blank=True, choices=[('USD', 'Usd'), ('EUR', 'Eur'), ('CNY', 'Cny'), ('AED', 'Aed'), ('AUD', 'Aud'), ('BRL', 'Brl'), ('CAD', 'Cad'), ('CHF', 'Chf'), ('GBP', 'Gbp'), ('INR', 'Inr'), ('JPY', 'Jpy'), ('KES', 'Kes'), ('RUB', 'Rub'), ('SAR', 'Sar'), ('ZAR', 'Zar')], max_length=3, verbose_name='currency')),
                ('sample_wanted', models.BooleanField(default=False, verbose_name='sample requested')),
                ('status', models.CharField(choices=[('new', 'New'), ('assigned', 'Assigned'), ('answered', 'Answered'), ('quoted', 'Quoted'), ('won', 'Won'), ('lost', 'Lost'), ('spam', 'Spam')], default='new', editable=False, max_length=10, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='received')),
                ('due_at', models.DateTimeField(editable=False, verbose_name='reply due')),
                ('first_response_at', models.DateTimeField(editable=False, null=True, verbose_name='first reply')),
                ('acknowledged_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmation sent at')),
                ('reminded_at', models.DateTimeField(editable=False, null=True)),
                ('escalated_at', models.DateTimeField(editable=False, null=True)),
                ('erase_on', models.DateField(editable=False, null=True, verbose_name='erasure date')),
                ('erased_at', models.DateTimeField(editable=False, null=True, verbose_name='erased')),
                ('assigned_to', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='contacts.contact', verbose_name='assigned to')),
                ('chosen_contact', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.contact', verbose_name='requested contact')),
            ],
            options={
                'verbose_name': 'inquiry',
                'verbose_name_plural': 'inquiries',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('assign_inquiry', 'Can view and assign all inquiries'), ('erase_inquiry', "Can export and erase buyers' personal data")],
            },
        ),
        migrations.CreateModel(
            name='FormerReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('number', models.PositiveBigIntegerField(null=True, unique=True)),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_references', to='inquiries.inquiry')),
            ],
            options={
                'verbose_name': 'former reference',
                'verbose_name_plural': 'former references',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='InquiryEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Received'), ('asked_again', 'Follow-up inquiry'), ('message', 'Message'), ('held', 'Held as spam'), ('held_message', 'Message held as spam'), ('released', 'Marked as not spam'), ('assigned', 'Assigned to'), ('answered', 'Answered'), ('note', 'Internal note'), ('status_changed', 'Status changed to'), ('reminded', 'Reminder sent to'), ('escalated', 'Managers notified'), ('bounced', 'Delivery failed'), ('merged', 'Merged with'), ('split', 'Split off'), ('erased', 'Personal data erased')], max_length=20, verbose_name='event type')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('data', models.JSONField(blank=True, default=dict, editable=False)),
                ('idempotency_key', models.UUIDField(editable=False, null=True, unique=True)),
                ('message_id', models.CharField(blank=True, editable=False, max_length=255)),
                ('quoted_text', models.TextField(blank=True, editable=False)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='inquiries.inquiry')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ['at', 'pk'],
                'get_latest_by': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(storage=core.storage.private_storage, upload_to=inquiries.models.attachment.random_name, verbose_name='file')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(max_length=5)),
                ('size', models.PositiveIntegerField(verbose_name='file size')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='inquiries.inquiry')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='inquiries.inquiryevent')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='InquiryLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product_name', models.CharField(max_length=200, verbose_name='product name')),
                ('quantity', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000000)], verbose_name='quantity')),
                ('unit', models.CharField(blank=True, max_length=30, verbose_name='unit')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='inquiries.inquiry')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='inquiry_lines', to='products.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'requested product',
                'verbose_name_plural': 'requested products',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Lower numbers are checked first.', verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('countries', django_countries.fields.CountryField(blank=True, max_length=746, multiple=True, verbose_name='countries')),
                ('language', models.CharField(blank=True, choices=core.languages.language_choices, max_length=10, verbose_name='language')),
                ('returning', models.BooleanField(default=False, verbose_name='returning buyer')),
                ('category', models.ForeignKey(blank=True, help_text='Matches inquiries about products in this category or its subcategories.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='products.category', verbose_name='category')),
                ('contact', models.ForeignKey(blank=True, help_text='Leave empty for returning buyers to keep their previous contact.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact', verbose_name='contact')),
            ],
            options={
                'verbose_name': 'assignment rule',
                'verbose_name_plural': 'assignment rules',
                'ordering': ['order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('contact__isnull', False), ('returning', True), _connector='OR'), name='inquiry_rule_has_contact', violation_error_message='Select the contact this rule assigns inquiries to.')],
            },
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['-created_at', '-id'], name='inquiry_newest'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['status', '-created_at', '-id'], name='inquiry_by_status'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['assigned_to', 'status', '-created_at', '-id'], name='inquiry_by_contact'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['assigned_to', '-created_at', '-id'], name='inquiry_newest_of_contact'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['source', '-created_at', '-id'], name='inquiry_by_source'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['country', '-created_at', '-id'], name='inquiry_by_country'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['status', 'due_at'], name='inquiry_due'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['due_at', '-id'], name='inquiry_by_due'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='inquiry_by_buyer'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(django.db.models.functions.text.Lower('company'), name='inquiry_by_company'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['acknowledged_at'], name='inquiry_acknowledged'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('erase_on__isnull', False)), fields=['erase_on'], name='inquiry_to_erase'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['new', 'assigned', 'answered', 'quoted', 'won', 'lost', 'spam'])), name='inquiry_status_known'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['new', 'lost', 'spam']), ('assigned_to__isnull', False), _connector='OR'), name='inquiry_in_progress_has_contact'),
        ),
        migrations.AddIndex(
            model_name='formerreference',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='inquiry_former_buyer'),
        ),
        migrations.AddIndex(
            model_name='inquiryevent',
            index=models.Index(fields=['inquiry', 'at', 'id'], name='inquiry_event_timeline'),
        ),
        migrations.AddIndex(
            model_name='inquiryevent',
            index=models.Index(condition=models.Q(('kind', 'held_message')), fields=['inquiry'], name='inquiry_event_held_message'),
        ),
        migrations.AddIndex(
            model_name='inquiryevent',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='inquiry_event_message_id'),
        ),
        migrations.AddConstraint(
            model_name='inquiryline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__isnull', True), ('quantity__gte', 1), _connector='OR'), name='inquiry_line_quantity_positive'),
        ),
        migrations.RunPython(create_search_index, drop_search_index),
    ]
