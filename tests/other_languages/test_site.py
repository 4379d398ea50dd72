"""A site in the languages of TEST_LANGUAGES, beginning with the first: see conftest.py."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import formats, translation
from modeltranslation.utils import build_localized_fieldname
from post_office.models import Email

from core.language_columns import translated_names
from inquiries.models import Inquiry
from news.models import Article
from products.models import Product
from products.spreadsheets.resource import ProductResource
from tests.factories import make_article, make_company, make_inquiry, make_product, make_user
from tests.inquiries.test_inquiry_form import typed
from tests.responses import one_line_html
from tests.sitemaps import read_sitemap

pytestmark = pytest.mark.django_db

FIRST, *OTHERS = CODES = [code for code, _name in settings.LANGUAGES]
ABSENT = [code for code in settings.LANGUAGES_WITH_CONTENT if code not in CODES]
# A word of each language with letters that a search has to fold or to find within a sentence.
WORDS = {
    "es": ("Máquinas trituradoras de cono", "maquinas"),
    "de": ("Größere Mühlen für Erz", "muhlen"),
    "en": ("Larger mills", "mills"),
    "ko": ("새로운 분쇄기 출시", "분쇄기"),
}


def path_in(code: str, path: str) -> str:
    return path if code == FIRST else f"/{code}{path}"


def column(field: str, code: str = FIRST) -> str:
    return build_localized_fieldname(field, code)


@pytest.fixture
def article() -> Article:
    titles = {column("title", code): WORDS[code][0] for code in CODES}
    return make_article(slug="mills", publish_time=datetime(2021, 3, 2, 9, tzinfo=UTC), **titles)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "path", ["/", "/news/", "/news/mills/", "/products/", "/inquiry/", "/search/"]
)
def test_every_page_is_in_the_language_of_its_url(visitor, article, code, path):
    response = visitor.get(path_in(code, path))
    page = one_line_html(response)
    direction = "rtl" if code == "ar" else "ltr"
    assert response.status_code == 200
    assert f'<html lang="{code}" dir="{direction}"' in page
    if path == "/news/mills/":
        assert WORDS[code][0] in page


def test_other_languages_do_not_exist(visitor, article):
    for code in (FIRST, *ABSENT):
        assert visitor.get(f"/{code}/").status_code == 404
    page = visitor.get("/news/mills/").content.decode()
    for code in ABSENT:
        assert f'hreflang="{code}"' not in page
        assert f"/{code}/" not in read_sitemap(visitor, "news")
    # A single language offers no other.
    assert page.count("x-default") == page.count('class="language-switch"') == bool(OTHERS)


def test_a_text_that_is_missing_is_that_of_the_first_language(visitor):
    make_article(slug="mills", **{column("title"): WORDS[FIRST][0]})
    for code in CODES:
        assert WORDS[FIRST][0] in visitor.get(path_in(code, "/news/mills/")).content.decode()


def test_nothing_is_read_of_other_languages(visitor, article):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        visitor.get("/news/mills/")
    read = " ".join(query["sql"] for query in queries)
    assert column("title") in read
    for code in ABSENT:
        assert column("title", code) not in read


def test_an_editor_writes_in_the_languages_of_the_site(as_user, visitor):
    editor = as_user(make_user("Editors"))
    form = editor.get("/admin/news/article/add/").content.decode()
    for code in settings.LANGUAGES_WITH_CONTENT:
        assert (f'name="{column("title", code)}"' in form) == (code in CODES)
    data = {
        **{column("title", code): WORDS[code][0] for code in CODES},
        **{column("body", code): f"<p>{WORDS[code][0]}</p>" for code in CODES},
        "slug": "mills", "author": "X", "origin": "X", "cover_focus": "center",
        "status": "published", "publish_time_0": "2021-03-02", "publish_time_1": "09:00:00",
    }  # fmt: skip
    response = editor.post("/admin/news/article/add/", data)
    assert response.status_code == 302, response.content.decode()
    for code in CODES:
        assert WORDS[code][0] in visitor.get(path_in(code, "/news/mills/")).content.decode()


@pytest.mark.parametrize("code", CODES)
def test_the_search_finds_words_of_each_language(visitor, article, code):
    _text, word = WORDS[code]
    page = visitor.get(path_in(code, "/search/"), {"q": word}).content.decode()
    assert "/news/mills/" in page
    assert (
        "/news/mills/" not in visitor.get(path_in(code, "/search/"), {"q": "xyz"}).content.decode()
    )


def test_a_product_is_found_by_its_name_in_each_language(visitor):
    make_product(slug="mill", **{column("name", code): WORDS[code][0] for code in CODES})
    for code in CODES:
        page = visitor.get(path_in(FIRST, "/products/"), {"q": WORDS[code][1]}).content.decode()
        assert "/products/mill/" in page, code


@pytest.mark.parametrize("code", CODES)
def test_an_inquiry_is_acknowledged_in_its_language(visitor, code):
    make_company(**{column("name"): "Example"})
    visitor.post(path_in(code, "/inquiry/"), typed())
    assert Inquiry.objects.get().language == code
    mail = Email.objects.get(to="maria@example.com")
    link = next(line for line in mail.message.splitlines() if line.startswith("http://testserver"))
    path = link.removeprefix("http://testserver")
    assert path.startswith(path_in(code, "/inquiry/status/"))
    assert visitor.get(path).status_code == 200


def test_an_inquiry_in_a_language_that_was_switched_off_goes_on_in_the_first(visitor):
    inquiry = make_inquiry(language=ABSENT[0])
    path = inquiry.status_url.removeprefix("http://testserver")
    assert path.startswith("/inquiry/status/")
    assert visitor.get(path).status_code == 200


def test_dates_are_those_of_the_language(visitor, article):
    for code in CODES:
        with translation.override(code):
            expected = formats.date_format(article.publish_time, "DATE_FORMAT")
        assert expected in visitor.get(path_in(code, "/news/")).content.decode()


def test_a_sheet_has_a_column_for_each_language_of_the_site():
    make_product(**{column("name", code): WORDS[code][0] for code in CODES})
    sheet = ProductResource().export(Product.objects.all()).csv
    [row] = csv.DictReader(io.StringIO(sheet))
    for code in settings.LANGUAGES_WITH_CONTENT:
        assert (column("name", code) in row) == (code in CODES)
    assert row[column("name")] == WORDS[FIRST][0]
    sample = ProductResource().sample().dict
    assert "Example jaw crusher" in [
        each[column("name", "en" if "en" in CODES else FIRST)] for each in sample
    ]


def test_the_demo_company_is_loaded(visitor):
    call_command("load_demo", password="let-me-in")
    for path in ("/", "/news/", "/products/", "/contacts/"):
        assert visitor.get(path).status_code == 200
    for row in (*Article.objects.published(), *Product.objects.published()):
        assert str(row)
        assert visitor.get(row.get_absolute_url()).status_code == 200
    for inquiry in Inquiry.objects.all():
        assert inquiry.language in CODES


def test_the_models_have_the_texts_of_these_languages_alone():
    names = {field.name for field in Article._meta.fields}
    for text in translated_names(Article):
        for code in settings.LANGUAGES_WITH_CONTENT:
            assert (column(text, code) in names) == (code in CODES)


def test_developers_see_no_change_of_the_models(capsys):
    call_command("makemigrations", "--check", "--dry-run")
    assert "No changes detected" in capsys.readouterr().out
