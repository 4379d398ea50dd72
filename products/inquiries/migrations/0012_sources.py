"""Say of each inquiry that is there from what kind of page it came."""

import re

from django.db import migrations

BATCH = 2000
LANGUAGE = r"(?:/[a-z]{2,3}(?:-[a-z]+)?)?"

# As products/inquiries/asking/sources.py had them then.
PAGES = {
    "basket": re.compile(LANGUAGE + r"/inquiry/basket/"),
    "product": re.compile(LANGUAGE + r"/products/(?!compare/)[^/]+/"),
    "article": re.compile(LANGUAGE + r"/news/(?!feed/)[^/]+/"),
    "contact": re.compile(LANGUAGE + r"/contacts/"),
}


def source_of(page):
    return next((kind for kind, pages in PAGES.items() if pages.fullmatch(page)), "page")


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
