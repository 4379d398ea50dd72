"""The migration that makes a page of each flat page."""

from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.flatpages.models import FlatPage

from core.pages.models import Page
from tests.factories import make_user

pytestmark = pytest.mark.django_db

migration = import_module("core.pages.migrations.0004_from_flat_pages")


def make_flat_page(url, title="About us", content="<p>We.</p>", *, is_shown=True, **fields):
    page = FlatPage.objects.create(url=url, title=title, content=content, **fields)
    page.sites.set([settings.SITE_ID] if is_shown else [])
    return page


def migrate():
    migration.copy_flat_pages(apps, None)


def test_each_flat_page_is_shown_at_its_old_url(visitor):
    make_flat_page("/about/")
    make_flat_page("/about/team/x/", "Team", "<p>Us.</p>")
    make_flat_page("/legal/privacy/", "Privacy", "<p>None.</p>")
    migrate()
    for url, text in [
        ("/about/", "We."), ("/about/team/x/", "Us."), ("/legal/privacy/", "None."),
        ("/ar/about/", "We."),
    ]:  # fmt: skip
        assert text in visitor.get(url).content.decode()
    assert Page.objects.get(path="about/team/x").parent.path == "about"
    assert Page.objects.get(path="legal/privacy").parent is None


def test_a_page_for_one_language_becomes_the_texts_in_it(visitor):
    make_flat_page("/ar/about/", "من نحن", "<p>نحن</p>")
    make_flat_page("/about/")
    make_flat_page("/zh-hans/only/", "只有", "<p>中文</p>")
    migrate()
    assert Page.objects.count() == 2
    arabic, english = (visitor.get(url).content.decode() for url in ("/ar/about/", "/about/"))
    assert "من نحن" in arabic
    assert "نحن</p>" in arabic
    assert "About us" in english
    assert "We." in english
    assert "中文" in visitor.get("/zh-hans/only/").content.decode()


@pytest.mark.parametrize("fields", [{"is_shown": False}, {"registration_required": True}])
def test_a_hidden_page_becomes_a_draft(visitor, fields):
    make_flat_page("/about/", **fields)
    migrate()
    assert Page.objects.get().status == Page.Status.DRAFT
    assert visitor.get("/about/").status_code == 404


def test_a_hidden_translation_is_not_shown(visitor):
    make_flat_page("/about/")
    make_flat_page("/ar/about/", "سر", is_shown=False)
    migrate()
    assert "سر" not in visitor.get("/ar/about/").content.decode()


def test_it_can_be_run_on_no_pages_and_on_odd_urls():
    migrate()
    for url in ("/", "//", "/en/about/", "/ar/", "/a//b/"):
        make_flat_page(url)
    migrate()
    assert Page.objects.count() >= 4


def test_who_could_change_flat_pages_can_change_pages():
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="change_flatpage"))
    migration.copy_permissions(apps, None)
    user = type(user).objects.get(pk=user.pk)
    assert user.has_perm("pages.change_page")
    assert not user.has_perm("pages.delete_page")
    assert make_user("Editors").has_perms(["pages.add_page", "pages.delete_page"])
