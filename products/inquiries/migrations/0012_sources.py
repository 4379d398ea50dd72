"""Say of each inquiry that is there from what kind of page it came."""

from django.db import migrations

from products.inquiries.asking.sources import PAGES, source_of

BATCH = 2000


def fill_sources(apps, schema_editor):
    """Batch by batch, each kept for itself: the table may be large and in use."""
    inquiries = apps.get_model("inquiries", "Inquiry").objects.filter(source="page")
    rows = inquiries.exclude(source_page="").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "source_page")[:BATCH]):
        for source in PAGES:
            keys = [pk for pk, page in batch if source_of(page) == source]
            inquiries.filter(pk__in=keys).update(source=source)
        last = batch[-1][0]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("inquiries", "0011_replies")]

    operations = [migrations.RunPython(fill_sources, migrations.RunPython.noop, elidable=True)]
