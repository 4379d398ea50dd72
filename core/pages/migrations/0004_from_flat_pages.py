"""Makes a page of each flat page, and grants the same permissions on pages.

The flat pages stay as they are, for the version before.
"""

from django.conf import settings
from django.db import migrations
from modeltranslation.utils import build_localized_fieldname

ACTIONS = ("add", "change", "delete", "view")


def copy_flat_pages(apps, schema_editor):
    """A page for one language gives the texts in it to the page for all, if there is one."""
    flat_pages = apps.get_model("flatpages", "FlatPage").objects.order_by("url", "pk")
    for flat_page in flat_pages.iterator(chunk_size=100):
        path = flat_page.url.strip("/") or "home-page"
        start, _slash, rest = path.partition("/")
        is_of_language = rest and start in dict(settings.LANGUAGES)
        if start != settings.LANGUAGE_CODE and is_of_language:
            add_text(apps, flat_page, rest, start)
        else:
            add_text(apps, flat_page, path, settings.LANGUAGE_CODE)
    place_below_parents(apps)


def add_text(apps, flat_page, path, language):
    Page = apps.get_model("pages", "Page")
    page = Page.objects.filter(path=path).first()
    if page is None:
        page = Page(path=path, slug=path, blocks=[])
    is_shown = flat_page.sites.filter(pk=settings.SITE_ID).exists()
    is_published = is_shown and not flat_page.registration_required
    if page.pk and not is_published:
        return  # a hidden translation
    if is_published and page.status == "draft":
        page.status = "published"
    setattr(page, build_localized_fieldname("title", language), flat_page.title)
    if language == settings.LANGUAGE_CODE or not page.title:
        page.title = flat_page.title
    if not page.blocks:
        page.blocks = [{"kind": "text", "id": "b1", "hidden": False, "values": {"text": {}}}]
    page.blocks[0]["values"]["text"][language] = flat_page.content
    page.save()


def place_below_parents(apps):
    pages = {page.path: page for page in apps.get_model("pages", "Page").objects.all()}
    for path, page in pages.items():
        start, _slash, _last = path.rpartition("/")
        while start and start not in pages:
            start = start.rpartition("/")[0]
        if start:
            page.parent = pages[start]
            page.slug = path.removeprefix(f"{start}/")
            page.save()


def copy_permissions(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="pages", model="page"
    )
    permissions = apps.get_model("auth", "Permission").objects
    for action in ACTIONS:
        permission, _ = permissions.get_or_create(
            content_type=content_type,
            codename=f"{action}_page",
            defaults={"name": f"Can {action} page"},
        )
        of_flat_pages = permissions.filter(
            content_type__app_label="flatpages", codename=f"{action}_flatpage"
        ).first()
        if of_flat_pages:
            permission.group_set.add(*of_flat_pages.group_set.all())
            permission.user_set.add(*of_flat_pages.user_set.all())


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_page"),
        ("flatpages", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(copy_flat_pages, migrations.RunPython.noop),
        migrations.RunPython(copy_permissions, migrations.RunPython.noop),
    ]
