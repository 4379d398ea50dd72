"""Pages that are made of blocks: their addresses, their form, and what visitors see."""

import pytest
from django.contrib.redirects.models import Redirect
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core.pages.models import Page
from core.pages.stored_blocks import text_block
from core.richtext.models import Picture
from tests.factories import make_page, make_user, picture_file
from tests.responses import one_line_html

pytestmark = pytest.mark.django_db

ADD = "/admin/pages/page/add/"


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def form_data(**fields):
    return {
        "title_en": "About us", "slug": "about", "status": "published", "description_en": "",
        **fields,
    }  # fmt: skip


def text_data(block_id, **texts):
    """What the form sends for a text block."""
    return {f"{block_id}-kind": "text", **{f"{block_id}-{name}": t for name, t in texts.items()}}


def change_url(page):
    return f"/admin/pages/page/{page.pk}/change/"


def shown_ids(response):
    return [block.block_id for block in response.context["adminform"].form.blocks]


# What visitors see


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


def test_a_block_has_its_texts_in_each_language_and_falls_back(visitor):
    make_page(blocks=[text_block({"en": "<p>We.</p>", "ar": "<p>نحن</p>"})])
    assert "<p>نحن</p>" in visitor.get("/ar/about/").content.decode()
    assert "<p>We.</p>" in visitor.get("/zh-hans/about/").content.decode()


def test_a_hidden_block_and_one_of_an_unknown_kind_are_not_shown(visitor):
    hidden = {**text_block({"en": "<p>Secret</p>"}), "hidden": True}
    unknown = {"kind": "gone", "id": "b9", "hidden": False, "values": {"text": "Lost"}}
    make_page(blocks=[hidden, unknown, text_block({"en": "<p>Shown</p>"})])
    page = visitor.get("/about/").content.decode()
    assert "Shown" in page
    assert "Secret" not in page
    assert "Lost" not in page


def test_a_page_is_described_by_its_description_else_by_its_text(visitor):
    page = make_page(description="Who we are.")
    assert 'name="description" content="Who we are."' in visitor.get("/about/").content.decode()
    page.description_en = page.description = ""
    page.save()
    assert 'name="description" content="We."' in visitor.get("/about/").content.decode()


def test_a_draft_is_not_public(visitor):
    make_page(status=Page.Status.DRAFT)
    assert visitor.get("/about/").status_code == 404


def test_scripts_in_title_and_text_of_a_page_do_not_run(visitor):
    text = text_block({"en": "<p>Good</p><script>bad()</script>"})
    make_page(title="<script>bad()</script>", blocks=[text])
    page = visitor.get("/about/").content.decode()
    assert "bad()</script>" not in page
    assert "&lt;script&gt;bad()" in page
    assert "<p>Good</p>" in page


@pytest.mark.parametrize("path", ["/nothing/", "/about/team/", "/%00/", "/about%00/"])
def test_a_missing_page_has_no_links_to_itself_in_other_languages(visitor, path):
    make_page()
    response = visitor.get(path)
    assert response.status_code == 404
    assert f"/ar{path}" not in response.content.decode()


def test_the_closing_slash_is_added(visitor):
    make_page()
    response = visitor.get("/about")
    assert (response.status_code, response.url) == (301, "/about/")


def test_the_sitemap_lists_published_pages_in_every_language(visitor):
    make_page()
    make_page("plans", status=Page.Status.DRAFT)
    part = visitor.get("/sitemap-flat-pages.xml").content.decode()
    assert "<loc>http://testserver/about/</loc>" in part
    assert "<loc>http://testserver/ar/about/</loc>" in part
    assert "plans" not in part


def test_the_page_marked_as_home_is_the_home_page(visitor):
    make_page("welcome", title="Welcome", is_home=True)
    home = visitor.get("/").content.decode()
    assert "<p>We.</p>" in home
    assert '<link rel="canonical" href="http://testserver/">' in home
    response = visitor.get("/welcome/")
    assert (response.status_code, response.url) == (302, "/")
    assert "<p>We.</p>" in visitor.get("/ar/").content.decode()


def test_a_draft_marked_as_home_does_not_replace_the_standard_home_page(visitor):
    make_page("welcome", is_home=True, status=Page.Status.DRAFT)
    home = visitor.get("/")
    assert home.status_code == 200
    assert "<p>We.</p>" not in home.content.decode()


# Addresses


def test_the_address_begins_with_that_of_the_parent(visitor):
    parent = make_page()
    make_page("team", title="Team", parent=parent)
    page = one_line_html(visitor.get("/about/team/"))
    assert "Team" in page
    assert '<a href="/about/">About us</a>' in page


def test_a_changed_address_redirects_with_all_pages_below(visitor):
    parent = make_page()
    make_page("team", parent=parent)
    parent.slug = "company"
    parent.save()
    assert visitor.get("/company/team/").status_code == 200
    for old, new in [
        ("/about/", "/company/"),
        ("/about/team/", "/company/team/"),
        ("/ar/about/team/", "/ar/company/team/"),
    ]:
        response = visitor.get(old)
        assert (response.status_code, response.url) == (301, new)
    parent.slug = "about"
    parent.save()
    assert visitor.get("/about/team/").status_code == 200
    assert not Redirect.objects.filter(old_path="/about/").exists()


@pytest.mark.parametrize(
    "slug",
    [
        "news", "products/x", "admin", "ar", "inquiry", "search", "media/x", "a b", "/", "a//b",
        "a?b",
    ],
)  # fmt: skip
def test_an_address_of_another_part_of_the_site_is_refused(editor, slug):
    response = editor.post(ADD, form_data(slug=slug))
    assert response.status_code == 200
    assert "slug" in response.context["adminform"].form.errors
    assert not Page.objects.exists()


def test_an_address_can_be_used_only_once(editor):
    make_page()
    response = editor.post(ADD, form_data())
    assert "slug" in response.context["adminform"].form.errors


def test_a_page_cannot_be_below_itself(editor):
    parent = make_page()
    child = make_page("team", parent=parent)
    response = editor.post(change_url(parent), form_data(parent=child.pk))
    assert "parent" in response.context["adminform"].form.errors
    parent.parent = child
    with pytest.raises(ValidationError):
        parent.clean()


# The form


def test_an_editor_writes_a_page_with_blocks_in_two_languages(editor, visitor):
    data = form_data(block=["b1", "b2"], title_ar="من نحن")
    data |= text_data("b1", text_en="<p>First</p><script>x</script>", text_ar="<p>أولا</p>")
    data |= text_data("b2", heading_en="Second", text_en="<p>Two</p>")
    assert editor.post(ADD, data).status_code == 302
    page = Page.objects.get()
    assert [block["id"] for block in page.blocks] == ["b1", "b2"]
    assert page.blocks[0]["values"]["text"] == {"en": "<p>First</p>", "ar": "<p>أولا</p>"}
    assert '<h2 dir="auto">Second</h2>' in one_line_html(visitor.get("/about/"))
    arabic = visitor.get("/ar/about/").content.decode()
    assert "من نحن" in arabic
    assert "أولا" in arabic


def test_the_order_of_the_sent_blocks_is_stored(editor):
    page = make_page(blocks=[text_block({"en": "<p>1</p>"}), text_block({"en": "<p>2</p>"})])
    first, second = (block["id"] for block in page.blocks)
    data = form_data(block=[second, first])
    data |= text_data(first, text_en="<p>1</p>") | text_data(second, text_en="<p>2</p>")
    assert editor.post(change_url(page), data).status_code == 302
    page.refresh_from_db()
    assert [block["id"] for block in page.blocks] == [second, first]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("up:b2", ["b2", "b1"]), ("down:b1", ["b2", "b1"]), ("up:b1", ["b1", "b2"]),
        ("down:b2", ["b1", "b2"]), ("delete:b1", ["b2"]), ("copy:b1", ["b1", "new", "b2"]),
        ("add", ["b1", "b2", "new"]), ("up:none", ["b1", "b2"]), ("nonsense", ["b1", "b2"]),
    ],
)  # fmt: skip
def test_a_button_shows_the_form_again_with_what_was_typed(editor, action, expected):
    data = form_data(block=["b1", "b2"], slug="not saved", _block_action=action, new_block="text")
    data |= text_data("b1", text_en="<p>One</p>") | text_data("b2", heading_en="Two")
    response = editor.post(ADD, data)
    assert response.status_code == 200
    assert [id_ if id_ in {"b1", "b2"} else "new" for id_ in shown_ids(response)] == expected
    html = response.content.decode()
    assert 'value="not saved"' in html
    assert html.count("&lt;p&gt;One&lt;/p&gt;") == expected.count("b1") + (action == "copy:b1")
    assert 'class="errorlist' not in html
    assert not Page.objects.exists()


def test_a_stored_block_keeps_texts_in_languages_that_are_switched_off(editor):
    block = text_block({"en": "<p>We.</p>", "xx": "<p>Kept</p>"})
    page = make_page(blocks=[block])
    data = form_data(block=[block["id"]]) | text_data(block["id"], text_en="<p>You.</p>")
    editor.post(change_url(page), data)
    page.refresh_from_db()
    assert page.blocks[0]["values"]["text"] == {"en": "<p>You.</p>", "xx": "<p>Kept</p>"}


def test_a_block_of_a_kind_that_is_not_installed_is_kept(editor):
    unknown = {"kind": "gone", "id": "b9", "hidden": False, "values": {"text": "Kept"}}
    page = make_page(blocks=[unknown])
    assert editor.get(change_url(page)).status_code == 200
    editor.post(change_url(page), form_data(block=["b9"], **{"b9-kind": "gone"}))
    page.refresh_from_db()
    assert page.blocks == [unknown]


@pytest.mark.parametrize(
    "sent",
    [
        {"block": ["../x", "b1", "b1", "B", ""]}, {"block": ["b1"] * 500}, {"block": ["b7"]},
        {"b1-kind": "nothing", "block": ["b1"]}, {"b1-kind": ["text", "x"]},
    ],
)  # fmt: skip
def test_tampered_blocks_do_no_harm(editor, sent):
    data = form_data() | text_data("b1", text_en="<p>One</p>") | sent
    assert editor.post(ADD, data).status_code == 302
    assert len(Page.objects.get().blocks) <= 1


def test_the_cover_is_uploaded_to_the_library_and_kept_while_the_form_is_shown_again(editor):
    upload = {"cover-upload-picture": picture_file()}
    response = editor.post(ADD, form_data(_block_action="add", new_block="text") | upload)
    picture = Picture.objects.get()
    assert f'value="{picture.pk}"' in response.content.decode()
    assert editor.post(ADD, form_data(cover=picture.pk)).status_code == 302
    assert Page.objects.get().cover == picture


@pytest.mark.parametrize("cover", ["999999", "-1", "x", "9" * 40, "1.5", "٢"])
def test_a_picture_that_does_not_exist_is_refused(editor, cover):
    response = editor.post(ADD, form_data(cover=cover))
    assert "cover" in response.context["adminform"].form.errors


def test_an_upload_that_is_no_picture_is_refused_beside_the_field(editor):
    upload = SimpleUploadedFile("x.png", b"not a picture", content_type="image/png")
    response = editor.post(ADD, form_data() | {"cover-upload-picture": upload})
    assert "cover" in response.context["adminform"].form.errors
    assert not Picture.objects.exists()


@pytest.mark.parametrize("role", ["Managers", "Sales", ""])
def test_only_editors_can_write_pages(as_user, role):
    client = as_user(make_user(role))
    assert client.get(ADD).status_code == 403
    upload = {"cover-upload-picture": picture_file()}
    assert client.post(ADD, form_data() | upload).status_code == 403
    assert not Picture.objects.exists()


def test_each_save_is_a_version_with_the_user(editor):
    page = make_page()
    block_id = page.blocks[0]["id"]
    data = form_data(title_en="We", block=[block_id]) | text_data(block_id, text_en="<p>x</p>")
    editor.post(change_url(page), data)
    newest = page.history.first()
    assert newest.title_en == "We"
    assert newest.history_user.groups.get().name == "Editors"
