"""The kinds of blocks: what editors fill in, and what visitors see."""

import json
import re
import sys
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.pages.block_kinds import block_kinds
from core.pages.blocks.table import read_rows
from core.pages.blocks.video import find_player
from core.pages.models import Page
from core.richtext.models import Picture
from core.richtext.services import add_picture
from core.unused_files.references import referenced_names, upload_folders
from products.models import Category
from tests.core.test_block_pages import ADD, form_data
from tests.factories import (
    make_article,
    make_company,
    make_contact,
    make_page,
    make_product,
    make_user,
    picture_file,
)
from tests.responses import one_line_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


@pytest.fixture
def picture():
    picture = add_picture(picture_file(), by=None)
    picture.alt_en, picture.alt_ar = "A crusher", "كسارة"
    picture.save()
    return picture


def block(kind, entries=None, **values):
    """A stored block, with texts in English."""
    form = block_kinds()[kind]

    def stored(form, values):
        return {k: {"en": v} if k in form.translated else v for k, v in values.items()}

    found = stored(form, values)
    if entries is not None:
        found["entries"] = [
            {"id": f"e{i}", "values": stored(form.entry, each)} for i, each in enumerate(entries)
        ]
    return {"kind": kind, "id": f"b{kind.replace('_', '')}"[:16], "hidden": False, "values": found}


def show(visitor, *blocks, path="/about/", **fields):
    make_page(blocks=list(blocks), **fields)
    response = visitor.get(path)
    assert response.status_code == 200
    return one_line_html(response)


def send(editor, kind, entries=(), **values):
    """Send the form of a page with one block, and entries as dicts."""
    data = form_data(block=["b1"], **{"b1-kind": kind})
    data |= {f"b1-{name}": value for name, value in values.items()}
    data["b1-entry"] = [f"e{i}" for i in range(len(entries))]
    for i, entry in enumerate(entries):
        data |= {f"e{i}-{name}": value for name, value in entry.items()}
    return editor.post(ADD, data)


def errors_of(response):
    [found] = response.context["adminform"].form.blocks.blocks
    return [form.errors for form in found.forms if form.errors]


@pytest.mark.parametrize("kind", sorted(block_kinds()))
def test_each_kind_can_be_added_and_an_empty_block_can_be_shown(editor, visitor, kind):
    response = editor.post(ADD, form_data(_block_action="add", new_block=kind))
    [added] = response.context["adminform"].form.blocks.blocks
    assert added.kind == kind
    empty = {"kind": kind, "id": "b1", "hidden": False, "values": {}}
    if added.form.entry:
        assert len(added.entries) == 1
        empty["values"]["entries"] = [{"id": "e1", "values": {}}]
    assert show(visitor, empty)


def test_every_field_of_every_kind_has_a_label(editor):
    for kind in block_kinds():
        response = editor.post(ADD, form_data(_block_action="add", new_block=kind))
        html = response.content.decode()
        section = html[
            html.index('id="blocks"') : html.index("submit-row", html.index('id="blocks"'))
        ]
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", section):
            is_named = re.search(r'type="(hidden|submit)"|name="[\w-]*-(hidden|clear)"', tag)
            found = re.search(r'\bid="([^"]+)"', tag)
            assert is_named or (found and f'for="{found[1]}"' in section), (kind, tag)


# Texts and pictures


def test_a_picture_with_text_has_the_alternative_text_in_the_language(visitor, picture):
    values = {"picture": picture.pk, "side": "end", "heading": "Our works", "text": "<p>Big</p>"}
    page = show(visitor, block("picture_text", button="See", link="/products/", **values))
    assert 'alt="A crusher"' in page
    assert "picture-at-end" in page
    assert '<a class="button" href="/products/">See</a>' in page
    arabic = visitor.get("/ar/about/").content.decode()
    assert 'alt="كسارة"' in arabic
    assert 'href="/ar/products/"' in arabic


def test_a_deleted_picture_is_left_out(visitor, picture):
    entries = [{"picture": picture.pk, "caption": "Gone"}]
    gallery = block("gallery", entries)
    picture.delete()
    page = show(visitor, gallery, block("picture_text", picture=picture.pk, heading="Stays"))
    assert "Gone" not in page
    assert "Stays" in page


def test_pictures_of_all_blocks_take_one_query(visitor, picture, django_assert_num_queries):
    other = add_picture(picture_file(size=(300, 200)), by=None)
    few = [block("gallery", [{"picture": picture.pk}])]
    many = [
        block("gallery", [{"picture": pk} for pk in (picture.pk, other.pk)] * 5),
        block("logos", [{"picture": other.pk}]),
        block("quote", text="Good", picture=picture.pk),
    ]
    make_page("few", blocks=few)
    make_page("many", blocks=many)
    counts = []
    for path in ("/few/", "/many/"):
        visitor.get(path)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_numbers_steps_quote_and_call_to_action(visitor, picture):
    page = show(
        visitor,
        block("numbers", [{"number": "250+", "label": "Employees"}], heading="We"),
        block("steps", [{"title": "Ask", "text": "First line\nsecond"}, {"title": "Pay"}]),
        block("quote", text="It <b>runs</b>", name="A. Buyer", role="Quarry", picture=picture.pk),
        block("call_to_action", heading="Come", button="Write", link="mailto:a@example.com"),
        block("inquiry", heading="Ask us"),
        block("map", text="1 Road", link="https://maps.example.com/?q=1"),
        block("hero", heading="Crushers", button="All", link="/products/", picture=picture.pk),
    )
    for text in (
        "<bdi>250+</bdi>", "First line<br>second", "It &lt;b&gt;runs&lt;/b&gt;",
        'href="mailto:a@example.com"', 'href="/inquiry/"', 'href="https://maps.example.com/?q=1"',
    ):  # fmt: skip
        assert text in page
    assert page.index("Ask</h3>") < page.index("Pay</h3>")
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "//other.example", "/\\other.example", "data:text/html,x", "x"]
)
def test_a_link_that_is_no_url_is_refused(editor, link):
    response = send(editor, "call_to_action", heading_en="Come", button_en="Go", link=link)
    assert errors_of(response)
    assert not Page.objects.exists()


@pytest.mark.parametrize("link", ["/products/", "/", "#part", "https://a.example/x", "tel:+861"])
def test_a_link_is_accepted(editor, link):
    response = send(editor, "call_to_action", heading_en="Come", button_en="Go", link=link)
    assert response.status_code == 302


def test_questions_are_structured_data_for_search_engines(visitor):
    entries = [
        {"question": "How </script> long?", "answer": "30 days"},
        {"question": "Unanswered", "answer": ""},
    ]
    page = show(visitor, block("faq", entries))
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    [data] = [json.loads(script) for script in scripts if "FAQPage" in script]
    [question] = data["@graph"][0]["mainEntity"]
    assert question["name"] == "How </script> long?"
    assert question["acceptedAnswer"]["text"] == "30 days"
    assert "<summary" in page


def test_an_entry_without_its_required_text_is_refused_beside_the_field(editor):
    response = send(editor, "faq", [{"question_en": "Why?", "answer_en": ""}])
    [errors] = errors_of(response)
    assert list(errors) == ["answer_en"]
    assert "Why?" in response.content.decode()


def test_entries_keep_their_sent_order(editor, visitor):
    entries = [{"question_en": q, "answer_en": "x"} for q in ("One", "Two", "Three")]
    assert send(editor, "faq", entries).status_code == 302
    page = visitor.get("/about/").content.decode()
    assert page.index("One") < page.index("Two") < page.index("Three")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("A | B\n1 | 2", [["A", "B"], ["1", "2"]]), ("A\tB\n1\t2|3", [["A", "B"], ["1", "2|3"]]),
        ("A|B|C\n\n1", [["A", "B", "C"], ["1", "", ""]]), ("", []), (" \n ", []),
    ],
)  # fmt: skip
def test_rows_of_a_table_are_read(text, rows):
    assert read_rows(text) == rows


def test_a_table_escapes_its_cells_and_scrolls_in_a_region_with_focus(visitor):
    page = show(visitor, block("table", rows="Model | <b>\nA | 5", heading="Sizes"))
    assert '<th scope="col" dir="auto">Model</th>' in page
    assert "&lt;b&gt;" in page
    assert 'tabindex="0"' in page


# Files and videos


def pdf(content=b"%PDF-1.4 x"):
    return SimpleUploadedFile("Our catalogue.pdf", content, content_type="application/pdf")


def test_a_pdf_is_uploaded_kept_and_counts_as_used(editor, visitor):
    upload = {"title_en": "Catalogue", "file-upload-pdf": pdf()}
    assert send(editor, "downloads", [upload]).status_code == 302
    name = Page.objects.get().blocks[0]["values"]["entries"][0]["values"]["file"]
    assert default_storage.exists(name)
    assert f'href="{default_storage.url(name)}"' in visitor.get("/about/").content.decode()
    assert "pages" in upload_folders()["media"]
    assert name in set(referenced_names(["pages"]))
    sent = {"title_en": "Catalogue", "file": name}
    Page.objects.all().delete()
    assert send(editor, "downloads", [sent]).status_code == 302


@pytest.mark.parametrize(
    "upload",
    [
        {"file-upload-pdf": pdf(b"<html>")}, {"file-upload-exe": pdf()}, {"file": "pages/gone.pdf"},
        {"file": "../secret.pdf"}, {"file": "pages/../../secret"}, {"file": "backups/x"}, {},
    ],
)  # fmt: skip
def test_what_is_no_stored_pdf_is_refused(editor, upload):
    for value in upload.values():
        if hasattr(value, "seek"):
            value.seek(0)
    response = send(editor, "downloads", [{"title_en": "Catalogue", **upload}])
    assert [list(errors) for errors in errors_of(response)] == [["file"]]
    assert not Page.objects.exists()


def test_an_own_video_plays_and_only_its_page_may_load_media(editor, visitor):
    video = SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypmp42", content_type="video/mp4")
    assert (
        send(editor, "video", heading_en="Film", **{"file-upload-video": video}).status_code == 302
    )
    response = visitor.get("/about/")
    assert "<video" in response.content.decode()
    assert "media-src 'self'" in response.headers["Content-Security-Policy"]
    make_page("other")
    assert "media-src" not in visitor.get("/other/").headers["Content-Security-Policy"]


def test_a_file_that_is_no_video_is_refused(editor):
    video = SimpleUploadedFile("film.mp4", b"<html></html>", content_type="video/mp4")
    response = send(editor, "video", **{"file-upload-video": video})
    assert [list(errors) for errors in errors_of(response)] == [["file"]]


@pytest.mark.parametrize(
    ("url", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "player.vimeo.com/video/76979871"),
    ],
)
def test_a_video_elsewhere_is_loaded_only_on_a_click(editor, visitor, url, player):
    assert send(editor, "video", heading_en="Film", url=url).status_code == 302
    response = visitor.get("/about/")
    page = one_line_html(response)
    assert "<iframe" not in page
    assert f'href="{url}"' in page
    assert player in page
    policy = response.headers["Content-Security-Policy"]
    assert (
        f"frame-src https://{'www.' if 'youtube' in player else ''}{player.split('/')[0]}" in policy
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "http://youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com/channels/x", "https://www.youtube.com/watch?v=\"><script>", "https://x.y/",
    ],
)  # fmt: skip
def test_another_link_is_no_video(editor, url):
    assert find_player(url) == ("", "")
    assert errors_of(send(editor, "video", url=url))


# What the apps show


def test_products_are_chosen_of_a_category_or_featured(visitor):
    parent = Category.objects.create(name="Crushers")
    below = Category.objects.create(name="Jaw crushers", parent=parent)
    chosen = [make_product(name=f"Chosen {i}", sku=f"C-{i}") for i in range(2)]
    make_product(name="Of category", category=below)
    make_product(name="Draft of category", category=below, status="draft")
    make_product(name="Featured", featured=True)
    make_product(name="Other")
    make_page("chosen", blocks=[block("products", products=[chosen[1].pk, chosen[0].pk])])
    make_page("category", blocks=[block("products", category=parent.pk)])
    make_page("featured", blocks=[block("products")])
    names = {
        path: re.findall(r'<h3 dir="auto"><a [^>]*>(.*?)</a>', one_line_html(visitor.get(path)))
        for path in ("/chosen/", "/category/", "/featured/")
    }
    assert names == {
        "/chosen/": ["Chosen 1", "Chosen 0"],
        "/category/": ["Of category"],
        "/featured/": ["Featured"],
    }


def test_products_of_all_blocks_take_one_query(visitor):
    categories = [Category.objects.create(name=f"Category {i}") for i in range(4)]
    for category in categories:
        make_product(category=category, featured=True)
    make_page("few", blocks=[block("products", category=categories[0].pk)])
    blocks = [block("products", category=category.pk) for category in categories]
    make_page("many", blocks=[*blocks, block("products"), block("products", products=[1, 2, 3])])
    counts = []
    for path in ("/few/", "/many/"):
        visitor.get(path)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_products_are_typed_as_model_numbers_or_slugs(editor):
    one, two = make_product(sku="KN-900"), make_product(slug="jaw")
    assert send(editor, "products", products="KN-900\njaw\n\njaw", limit="6").status_code == 302
    assert Page.objects.get().blocks[0]["values"]["products"] == [one.pk, two.pk]
    page = Page.objects.get()
    html = editor.get(f"/admin/pages/page/{page.pk}/change/").content.decode()
    assert re.search(r"<textarea[^>]*>\s*KN-900\njaw</textarea>", html)


@pytest.mark.parametrize(
    "values", [{"products": "no-such"}, {"category": "999"}, {"limit": "0"}, {"limit": "9999"}]
)
def test_products_that_do_not_exist_are_refused(editor, values):
    assert [list(errors) for errors in errors_of(send(editor, "products", **values))] == [
        list(values)
    ]


def test_the_latest_news_are_those_that_are_published(visitor):
    make_article(title="Old news")
    make_article(title="Later", publish_time=timezone.now() + timedelta(hours=1))
    page = show(visitor, block("latest_news", limit=2))
    assert "Old news" in page
    assert "Later" not in page


def test_the_team_shows_chosen_contacts_or_all(visitor):
    make_company()
    july, abner = make_contact(name="July"), make_contact(name="Abner")
    page = show(visitor, block("team", contacts=[july.pk]))
    main = page[page.index("<main") : page.index("</main>")]
    assert "July" in main
    assert "Abner" not in main
    make_page("all", blocks=[block("team", contacts=[])])
    page = one_line_html(visitor.get("/all/"))
    assert page.count("Abner") > 1
    assert abner.name in page[page.index("<main") : page.index("</main>")]


def test_a_kind_is_a_module_and_a_template(visitor, editor, tmp_path, settings, monkeypatch):
    package = tmp_path / "extra_blocks"
    (package / "blocks").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "blocks" / "__init__.py").write_text("")
    (package / "blocks" / "greeting.py").write_text(
        "from core.pages.block_forms import Block, line\n\n\n"
        "class GreetingBlock(Block):\n"
        "    label = 'Greeting'\n"
        "    translated = ['words']\n"
        "    words = line('Words', required=True)\n"
    )
    templates = package / "templates" / "blocks"
    templates.mkdir(parents=True)
    (templates / "greeting.html").write_text("<p class=greeting>{{ block.words }}</p>")
    monkeypatch.syspath_prepend(tmp_path)
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "extra_blocks"]
    block_kinds.cache_clear()
    try:
        assert "Greeting" in editor.get(ADD).content.decode()
        assert errors_of(send(editor, "greeting"))
        assert send(editor, "greeting", words_en="Hello", words_ar="مرحبا").status_code == 302
        assert "<p class=greeting>مرحبا</p>" in visitor.get("/ar/about/").content.decode()
    finally:
        block_kinds.cache_clear()
        for name in [name for name in sys.modules if name.startswith("extra_blocks")]:
            del sys.modules[name]


def test_pictures_of_the_library_that_blocks_show_are_used(picture):
    make_page(blocks=[block("picture_text", picture=picture.pk)])
    assert str(Picture.objects.get().file) in set(referenced_names(["pictures"]))
