"""Previews of pages that are not saved, and the versions of pages: compared and restored."""

import pytest

from core.pages.models import Page
from core.pages.stored_blocks import text_block
from tests.core.test_block_pages import change_url, form_data, text_data
from tests.factories import make_page, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def url(page, end):
    return f"/admin/pages/page/{page.pk}/{end}"


def typed(text="<p>Typed</p>", **fields):
    return form_data(block=["b1"], **fields) | text_data("b1", text_en=text, text_ar="<p>عربي</p>")


def test_a_preview_shows_what_is_typed_and_saves_nothing(editor, visitor):
    page = make_page()
    response = editor.post(url(page, "preview/?language=en"), typed(title_en="New title"))
    html = response.content.decode()
    assert "New title" in html
    assert "Typed" in html
    assert 'content="noindex, nofollow"' in html
    assert "Visitors cannot see it yet" in html
    assert "no-store" in response.headers["Cache-Control"]
    assert "Typed" not in visitor.get("/about/").content.decode()
    assert page.versions.count() == 1


def test_a_preview_of_a_new_page_is_in_the_chosen_language(editor):
    response = editor.post("/admin/pages/page/preview/?language=ar", typed(status="draft"))
    html = response.content.decode()
    assert '<html lang="ar"' in html
    assert "عربي" in html
    assert not Page.objects.exists()


def test_the_preview_of_a_home_page_is_the_home_page(editor):
    response = editor.post("/admin/pages/page/preview/?language=en", typed(is_home="on"))
    assert "home-blocks" in response.content.decode()


def test_a_preview_with_errors_lists_them(editor):
    response = editor.post("/admin/pages/page/preview/", typed(title_en="", slug="news"))
    assert response.status_code == 422
    assert "belong to another part of the site" in response.content.decode()


def test_the_form_offers_a_preview_in_each_language(editor):
    html = editor.get(change_url(make_page())).content.decode()
    for code in ("en", "zh-hans", "ar"):
        assert f"/preview/?language={code}" in html


@pytest.mark.parametrize("role", ["Managers", "Sales", ""])
def test_only_editors_see_previews_and_versions(as_user, role):
    page, client = make_page(), as_user(make_user(role))
    version = page.versions.first().pk
    assert client.post(url(page, "preview/"), typed()).status_code == 403
    assert client.post("/admin/pages/page/preview/", typed()).status_code == 403
    assert client.get(url(page, "history/")).status_code == 403
    assert client.get(url(page, "history/compare/")).status_code == 403
    assert client.post(url(page, f"history/{version}/restore/")).status_code == 403


def change(page, editor, **values):
    block_id = page.blocks[0]["id"]
    data = form_data(block=[block_id], **values.pop("fields", {}))
    editor.post(change_url(page), data | text_data(block_id, **values))
    page.refresh_from_db()


def test_versions_are_listed_compared_and_restored(editor, visitor):
    page = make_page(blocks=[text_block({"en": "<p>Old words</p>"})])
    change(page, editor, text_en="<p>New words</p>", fields={"title_en": "Us", "slug": "us"})
    newest, oldest = page.versions
    history = editor.get(url(page, "history/")).content.decode()
    assert "Blocks [en]" in history
    assert "user" in history
    compared = editor.get(url(page, f"history/compare/?from={oldest.pk}&to={newest.pk}"))
    html = compared.content.decode()
    assert "<del>Old</del><ins>New</ins> words" in html
    assert "<del>About us</del><ins>Us</ins>" in html
    response = editor.post(url(page, f"history/{oldest.pk}/restore/"))
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.title_en == "About us"
    assert page.slug == "us"
    assert "Old words" in visitor.get("/us/").content.decode()
    assert "Earlier version restored" in editor.get(url(page, "history/")).content.decode()
    assert page.versions.first().history_user is not None


def test_a_comparison_shows_the_order_and_the_entries_of_blocks(editor):
    first, second = text_block({"en": "<p>1</p>"}), text_block({"en": "<p>2</p>"})
    entry = {"id": "e1", "values": {"question": {"en": "Why?"}, "answer": {"en": "So."}}}
    faq = {"kind": "faq", "id": "b9", "hidden": False, "values": {"entries": [entry]}}
    page = make_page(blocks=[first, second])
    page.blocks = [second, first, faq]
    page.save()
    newest, oldest = page.versions
    compared = editor.get(url(page, f"history/compare/?from={oldest.pk}&to={newest.pk}"))
    html = compared.content.decode()
    assert "Why?" in html
    assert "Questions and answers" in html


@pytest.mark.parametrize("end", ["history/compare/?from=x", "history/compare/?from=99999999"])
def test_a_version_that_does_not_exist_is_not_found(editor, end):
    assert editor.get(url(make_page(), end)).status_code == 404


def test_the_version_of_another_page_is_not_restored(editor):
    page, other = make_page(), make_page("other", title="Other")
    response = editor.post(url(page, f"history/{other.versions.first().pk}/restore/"))
    assert response.status_code == 404
    page.refresh_from_db()
    assert page.title == "About us"
