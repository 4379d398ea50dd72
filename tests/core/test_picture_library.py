"""The picture library of the editor, and the alternative texts it stores."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.page_cache import redis
from core.richtext.library import alt_texts
from core.richtext.models import Picture
from core.richtext.services import add_picture
from core.richtext.views import PER_PAGE
from core.richtext.widgets import RichTextWidget
from tests.factories import make_user, picture_file

URL = "/admin/richtext/pictures/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor(db):
    return make_user("Editors")


@pytest.fixture
def library(as_user, editor):
    client = as_user(editor)

    def opened(**query):
        response = client.get(URL, query)
        assert response.status_code == 200
        return response

    return opened


def store(editor, name="crusher.jpg", width=640, **fields):
    upload = picture_file("JPEG", (width, 360))
    picture = add_picture(SimpleUploadedFile(name, upload.read()), by=editor)
    Picture.objects.filter(pk=picture.pk).update(**fields)
    return picture


def names(response):
    return re.findall(r'class="picture-library-name">([^<]*)<', response.text)


def test_the_editor_has_the_url_of_the_library(settings):
    configured = settings.CKEDITOR_CONFIGS["default"]["filebrowserImageBrowseUrl"]
    assert configured == reverse("richtext:pictures") == URL


def test_a_picture_is_listed_small_with_its_url_size_and_alternative_text(library, editor):
    picture = store(editor, alt_en="A crusher on a truck")
    page = library().text
    assert f'data-src="{picture.file.url}"' in page
    assert 'data-alt="A crusher on a truck"' in page
    assert 'data-width="640"' in page
    assert f"{picture.digest}.480.webp 480w" in page
    assert 'sizes="160px"' in page
    assert 'loading="lazy"' in page


def test_the_alternative_text_is_in_the_language_of_the_field(library, editor):
    store(editor, alt_en="A crusher", alt_ar="كسارة")
    assert 'data-alt="كسارة"' in library(language="ar").text
    assert 'data-alt="A crusher"' in library(language="en").text
    assert 'data-alt="A crusher"' in library(language="xx").text, (
        "an unknown language falls back to the first"
    )
    assert 'data-alt=""' in library(language="zh-hans").text


def test_the_list_is_paginated_with_the_newest_first(library, editor, django_assert_num_queries):
    for number in range(PER_PAGE + 2):
        store(editor, f"{number}.jpg", width=100 + number)
    assert names(library())[0] == f"{PER_PAGE + 1}.jpg"
    assert len(names(library())) == PER_PAGE
    assert names(library(page="2")) == ["1.jpg", "0.jpg"]
    assert names(library(page="9999")) == names(library(page="2"))
    assert names(library(page="x")) == names(library())
    # version unless it is in Redis, session, account, permissions twice, count, pictures
    with django_assert_num_queries(6 if redis.is_configured() else 7):
        library()


@pytest.mark.parametrize("query", ["crush", "CRUSH", "truck", "كسارة", "crush truck"])
def test_a_picture_is_found_by_words_of_its_name_or_alternative_text(library, editor, query):
    store(editor, "crusher.jpg", alt_en="On a truck", alt_ar="كسارة")
    store(editor, "mixer.jpg", width=300)
    assert names(library(q=query)) == ["crusher.jpg"]


@pytest.mark.parametrize("query", ["zzz", "%", "_", "\0", "a " * 500, "crusher zzz"])
def test_an_unusual_query_causes_no_error(library, editor, query):
    store(editor, "crusher.jpg")
    library(q=query)


def test_a_search_continues_on_the_next_page(library, editor):
    for number in range(PER_PAGE + 1):
        store(editor, f"a & b {number}.jpg", width=100 + number)
    page = library(q="a & b", language="ar").text
    [url] = re.findall(r'rel="next"\s+href="([^"]+)"', page)
    assert url == f"{URL}?language=ar&amp;q=a%20%26%20b&amp;page=2"


def test_query_parameters_are_escaped(library):
    attack = '"><script>alert(1)</script>'
    page = library(CKEditorFuncNum="1)alert(1", CKEditor=attack, q=attack, language=attack).text
    assert "<script" not in page
    assert "alert(1" not in page.replace("&lt;script&gt;alert(1)", "")
    assert "CKEditor" not in page


def test_markup_in_a_name_is_escaped(library, editor):
    attack = '"><img src=x onerror=alert(1)>'
    store(editor, f"{attack}.jpg", alt_en=attack)
    assert "<img src=x" not in library().text


def test_the_library_is_not_cached_and_has_the_strict_policy(library):
    response = library()
    assert "no-store" in response.headers["Cache-Control"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_only_staff_with_permission_can_open_the_library(client, as_user, editor):
    assert client.get(URL).status_code == 403
    assert as_user(make_user("Sales")).get(URL).status_code == 403
    assert as_user(make_user("Managers")).get(URL).status_code == 200
    editor.is_staff = False
    editor.save()
    assert as_user(editor).get(URL).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_get_requests_are_allowed(as_user, editor, method):
    assert getattr(as_user(editor), method)(URL).status_code == 405


def test_alternative_texts_are_extracted_from_html():
    html = (
        '<p><img src="/media/pictures/a.jpg" alt=" A  crusher "><img src="/media/b.jpg" alt="">'
        '<img src="/media/pictures/a.jpg" alt="Another"><img src="//x/media/c.jpg" alt="x">'
    )
    assert alt_texts(html) == {"pictures/a.jpg": "A crusher"}


def save_article(client, **texts):
    page = client.get("/admin/news/article/add/")
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in values.items() if isinstance(value, str)}
    typed |= {"title_en": "A title", "publish_time_0": "2026-01-01", "publish_time_1": "08:00"}
    response = client.post("/admin/news/article/add/", typed | texts)
    assert response.status_code == 302, response.context["errors"]
    return response


def test_alternative_texts_of_an_article_are_stored_by_language(as_user, editor):
    picture = store(editor)
    body = f'<p><img src="{picture.file.url}" alt="{{}}"></p>'
    save_article(
        as_user(editor),
        body_en=body.format("A crusher"),
        body_ar=body.format("كسارة"),
        body_zh_hans=body.format(""),
    )
    picture.refresh_from_db()
    assert (picture.alt_en, picture.alt_ar) == ("A crusher", "كسارة")
    assert not picture.alt_zh_hans


def test_stored_texts_are_not_replaced_and_long_ones_are_truncated(as_user, editor):
    picture, other = store(editor, alt_en="A crusher"), store(editor, "b.jpg", width=300)
    body = f'<p><img src="{picture.file.url}" alt="Other"><img src="{other.file.url}" alt="{{}}">'
    save_article(as_user(editor), body_en=body.format("b" * 300))
    picture.refresh_from_db()
    other.refresh_from_db()
    assert picture.alt_en == "A crusher"
    assert other.alt_en == "b" * 200


def test_the_field_has_the_language_and_the_texts_of_the_editor():
    html = RichTextWidget().render("body_zh_hans", "", {"class": "mt mt-field-body-zh_hans x"})
    assert 'data-language="zh-hans"' in html
    [texts] = re.findall(r'data-texts="([^"]+)"', html)
    parsed = json.loads(texts.replace("&quot;", '"'))
    assert set(parsed) == {"length", "withoutAlt", "library", "failed", "leftOut", "upload"}


def test_alternative_texts_can_be_edited_in_the_admin(as_user, editor):
    picture = store(editor)
    client = as_user(editor)
    url = f"/admin/richtext/picture/{picture.pk}/change/"
    client.post(url, {"name": "crusher", "alt_en": "A crusher", "alt_zh_hans": "破碎机"})
    picture.refresh_from_db()
    assert (picture.alt_en, picture.alt_zh_hans) == ("A crusher", "破碎机")
