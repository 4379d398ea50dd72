"""Single pages, and the URLs of WordPress."""

import pytest
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect

from tests.factories import make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/flatpages/flatpage/add/"


def make_page(url="/about/", **fields):
    page = FlatPage.objects.create(
        url=url, **{"title": "About us", "content": "<p>We.</p>"} | fields
    )
    page.sites.add(settings.SITE_ID)
    return page


def keep(old, new="/news/moved/"):
    Redirect.objects.create(site_id=settings.SITE_ID, old_path=old, new_path=new)


def folded(response) -> str:
    """The page, its white space folded."""
    return " ".join(response.content.decode().split())


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def test_a_page_uses_the_design_of_the_site_and_sets_no_cookie(visitor):
    make_page()
    response = visitor.get("/about/")
    page = folded(response)
    assert '<h1 dir="auto">About us</h1>' in page
    assert "<p>We.</p>" in page
    assert 'class="site-footer"' in page
    assert '<link rel="canonical" href="http://testserver/about/">' in page
    assert not response.cookies
    assert "Vary" not in response.headers


def test_a_page_has_an_address_in_every_language(visitor):
    make_page()
    page = folded(visitor.get("/ar/about/"))
    assert '<html lang="ar" dir="rtl"' in page
    assert "About us" in page
    assert 'hreflang="zh-hans" href="http://testserver/zh-hans/about/"' in page


def test_a_page_written_for_a_language_is_shown_there_alone(visitor):
    make_page()
    make_page("/ar/about/", title="من نحن")
    assert "من نحن" in visitor.get("/ar/about/").content.decode()
    assert "About us" in visitor.get("/about/").content.decode()


def test_the_closing_slash_is_added(visitor):
    make_page("/about/team/")
    response = visitor.get("/about/team")
    assert (response.status_code, response.url) == (301, "/about/team/")


def test_where_no_page_is_the_languages_lead_home(visitor):
    response = visitor.get("/nothing/")
    assert response.status_code == 404
    assert "/ar/nothing/" not in response.content.decode()


def test_a_page_without_a_site_is_not_shown(visitor):
    make_page().sites.clear()
    assert visitor.get("/about/").status_code == 404


def test_neither_title_nor_text_of_a_page_carries_scripts(visitor):
    make_page(title="<script>bad()</script>", content="<p>Good</p><script>bad()</script>")
    page = visitor.get("/about/").content.decode()
    assert "bad()</script>" not in page
    assert "&lt;script&gt;bad()" in page
    assert "<p>Good</p>" in page


def test_the_sitemap_names_pages_in_every_language(visitor):
    make_page()
    part = visitor.get("/sitemap-flat-pages.xml").content.decode()
    assert "<loc>http://testserver/about/</loc>" in part
    assert "<loc>http://testserver/ar/about/</loc>" in part


def test_an_editor_writes_a_page(editor, visitor):
    form = {"title": "Terms", "url": "/terms/", "content": "<p>Fair</p><script>x</script>"}
    assert editor.post(ADD, form | {"is_shown": "on"}).status_code == 302
    assert FlatPage.objects.get().content == "<p>Fair</p>"
    assert visitor.get("/terms/").status_code == 200
    assert "Terms" in editor.get("/admin/flatpages/flatpage/").content.decode()


def test_a_page_that_is_not_shown_waits_in_the_admin(editor, visitor):
    form = {"title": "Terms", "url": "/terms/", "content": ""}
    editor.post(ADD, form)
    assert visitor.get("/terms/").status_code == 404
    page = FlatPage.objects.get()
    change = editor.get(f"/admin/flatpages/flatpage/{page.pk}/change/")
    assert change.context["adminform"].form["is_shown"].value() is False


def test_an_address_is_given_once(editor):
    make_page()
    response = editor.post(ADD, {"title": "Again", "url": "/about/", "content": ""})
    assert "url" in response.context["adminform"].form.errors


@pytest.mark.parametrize("role", ["Managers", "Sales", ""])
def test_only_editors_write_pages(as_user, role):
    assert as_user(make_user(role)).get(ADD).status_code == 403


@pytest.mark.parametrize("asked", ["/?p=12", "/?page_id=12", "/?p=12&preview=1"])
def test_a_numbered_address_leads_on(visitor, asked):
    keep("/?p=12")
    keep("/?page_id=12")
    response = visitor.get(asked)
    assert (response.status_code, response.url) == (301, "/news/moved/")


@pytest.mark.parametrize("asked", ["/?p=13", "/?p=", "/?q=12", "/"])
def test_the_home_page_stays_where_no_number_is_known(visitor, asked):
    keep("/?p=12")
    assert visitor.get(asked).status_code == 200


@pytest.mark.parametrize("asked", ["/2020/破碎机/", "/2020/破碎机"])
def test_an_address_in_another_script_leads_on(visitor, asked):
    keep("/2020/破碎机/")
    response = visitor.get(asked)
    assert (response.status_code, response.url) == (301, "/news/moved/")
    assert not response.cookies
