"""Imported flat pages are pages now; the column for flat pages stays for the version before."""

from django.db import migrations


def find_pages(apps, schema_editor):
    pages = dict(apps.get_model("pages", "Page").objects.values_list("path", "pk"))
    imported = apps.get_model("news", "ImportedItem").objects.exclude(page=None)
    for item in imported.select_related("page").iterator(chunk_size=500):
        item.new_page_id = pages.get(item.page.url.strip("/"))
        item.save(update_fields=["new_page"])


class Migration(migrations.Migration):
    dependencies = [("news", "0014_imported_pages")]

    operations = [
        migrations.RunPython(find_pages, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("importeditem", "page"),
                migrations.RenameField("importeditem", "new_page", "page"),
            ]
        ),
    ]
