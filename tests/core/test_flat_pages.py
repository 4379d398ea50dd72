"""Single pages, and redirects from old WordPress URLs."""

import pytest
from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect

from tests.factories import make_user
from tests.responses import one_line_html

pytestmark = pytest.mark.django_db

ADD = "/admin/flatpages/flatpage/add/"


def make_page(url="/about/", **fields):
    page = FlatPage.objects.create(
        url=url, **{"title": "About us", "content": "<p>We.</p>"} | fields
    )
    page.sites.add(settings.SITE_ID)
    return page


def add_redirect(old, new="/news/moved/"):
    Redirect.objects.create(site_id=settings.SITE_ID, old_path=old, new_path=new)


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def test_a_page_uses_the_design_of_the_site_and_sets_no_cookie(visitor):
    make_page()
    response = visitor.get("/about/")
    page = one_line_html(response)
    assert '<h1 dir="auto">About us</h1>' in page
    assert "<p>We.</p>" in page
    assert 'class="site-footer"' in page
    assert '<link rel="canonical" href="http://testserver/about/">' in page
    assert not response.cookies
    assert "Vary" not in response.headers


def test_a_page_has_a_url_in_every_language(visitor):
    make_page()
    page = one_line_html(visitor.get("/ar/about/"))
    assert '<html lang="ar" dir="rtl"' in page
    assert "About us" in page
    assert 'hreflang="zh-hans" href="http://testserver/zh-hans/about/"' in page


def test_a_page_for_one_language_is_shown_only_in_that_language(visitor):
    make_page()
    make_page("/ar/about/", title="من نحن")
    assert "من نحن" in visitor.get("/ar/about/").content.decode()
    assert "About us" in visitor.get("/about/").content.decode()


def test_the_closing_slash_is_added(visitor):
    make_page("/about/team/")
    response = visitor.get("/about/team")
    assert (response.status_code, response.url) == (301, "/about/team/")


def test_a_missing_page_has_no_links_to_itself_in_other_languages(visitor):
    response = visitor.get("/nothing/")
    assert response.status_code == 404
    assert "/ar/nothing/" not in response.content.decode()


def test_a_page_without_a_site_is_not_shown(visitor):
    make_page().sites.clear()
    assert visitor.get("/about/").status_code == 404


def test_scripts_in_title_and_text_of_a_page_do_not_run(visitor):
    make_page(title="<script>bad()</script>", content="<p>Good</p><script>bad()</script>")
    page = visitor.get("/about/").content.decode()
    assert "bad()</script>" not in page
    assert "&lt;script&gt;bad()" in page
    assert "<p>Good</p>" in page


def test_the_sitemap_lists_pages_in_every_language(visitor):
    make_page()
    part = visitor.get("/sitemap-flat-pages.xml").content.decode()
    assert "<loc>http://testserver/about/</loc>" in part
    assert "<loc>http://testserver/ar/about/</loc>" in part


def test_an_editor_can_write_a_page(editor, visitor):
    form = {"title": "Terms", "url": "/terms/", "content": "<p>Fair</p><script>x</script>"}
    assert editor.post(ADD, form | {"is_shown": "on"}).status_code == 302
    assert FlatPage.objects.get().content == "<p>Fair</p>"
    assert visitor.get("/terms/").status_code == 200
    assert "Terms" in editor.get("/admin/flatpages/flatpage/").content.decode()


def test_a_hidden_page_is_only_in_the_admin(editor, visitor):
    form = {"title": "Terms", "url": "/terms/", "content": ""}
    editor.post(ADD, form)
    assert visitor.get("/terms/").status_code == 404
    page = FlatPage.objects.get()
    change = editor.get(f"/admin/flatpages/flatpage/{page.pk}/change/")
    assert change.context["adminform"].form["is_shown"].value() is False


def test_a_url_can_be_used_only_once(editor):
    make_page()
    response = editor.post(ADD, {"title": "Again", "url": "/about/", "content": ""})
    assert "url" in response.context["adminform"].form.errors


@pytest.mark.parametrize("role", ["Managers", "Sales", ""])
def test_only_editors_can_write_pages(as_user, role):
    assert as_user(make_user(role)).get(ADD).status_code == 403


@pytest.mark.parametrize("url", ["/?p=12", "/?page_id=12", "/?p=12&preview=1"])
def test_an_old_url_with_a_number_redirects(visitor, url):
    add_redirect("/?p=12")
    add_redirect("/?page_id=12")
    response = visitor.get(url)
    assert (response.status_code, response.url) == (301, "/news/moved/")


@pytest.mark.parametrize("url", ["/?p=13", "/?p=", "/?q=12", "/"])
def test_the_home_page_is_shown_for_an_unknown_number(visitor, url):
    add_redirect("/?p=12")
    assert visitor.get(url).status_code == 200


@pytest.mark.parametrize("url", ["/2020/破碎机/", "/2020/破碎机"])
def test_an_old_url_in_another_script_redirects(visitor, url):
    add_redirect("/2020/破碎机/")
    response = visitor.get(url)
    assert (response.status_code, response.url) == (301, "/news/moved/")
    assert not response.cookies
