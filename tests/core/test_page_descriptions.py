"""What search engines and chat apps show of a page: its description and its picture."""

import pytest
from bs4 import BeautifulSoup

from contacts.models import Company
from core.templatetags.descriptions import first_picture, names, summarize
from core.text.sentences import first_sentences
from tests.factories import make_article, make_company, make_contact, make_product, picture_file

pytestmark = pytest.mark.django_db

LONG = "Crushers leave the works on Monday. They weigh 3.5 t each, e.g. for granite. " * 5


def meta(client, path):
    head = BeautifulSoup(client.get(path).content, "html.parser").head
    return {
        element.get("name") or element.get("property"): element["content"]
        for element in head.select("meta[content]")
    }


@pytest.fixture
def pages(db):
    """The addresses of each kind of page that search engines may list."""
    company = make_company(name="Example Machines", sharing_picture=picture_file())
    make_contact(name="July")
    article = make_article(title="Opened", body=f"<p>{LONG}</p>")
    product = make_product(name="Jaw crusher", summary="", description=f"<p>{LONG}</p>")
    return company, [
        *("/", "/news/", "/products/", "/contacts/", "/inquiry/", "/site-index/"),
        article.get_absolute_url(),
        product.get_absolute_url(),
        product.category.get_absolute_url() if product.category else "/products/",
    ]


def test_every_page_has_a_description_and_a_picture_for_sharing(client, pages):
    company, paths = pages
    for path in paths:
        found = meta(client, path)
        assert 20 < len(found["description"]) <= 160, (path, found["description"])
        assert found["og:description"] == found["description"], path
        assert "<" not in found["description"]
        assert found["og:image"].startswith("http://testserver/media/"), path
    assert meta(client, "/contacts/")["og:image"].endswith(company.sharing_picture.url)


def test_a_page_without_any_text_has_no_description(client):
    assert "description" not in meta(client, "/")


def test_the_first_picture_of_an_article_is_shared_if_it_has_no_cover(client):
    make_company(sharing_picture=picture_file())
    body = '<p>Text</p><img alt="a" src="/media/richtext/one.png"><img src="/media/two.png" alt="">'
    article = make_article(body=body)
    shared = meta(client, article.get_absolute_url())["og:image"]
    assert shared == "http://testserver/media/richtext/one.png"
    assert first_picture("<p>none</p>") == ""


def test_a_description_is_cut_after_a_sentence():
    text = first_sentences(LONG.strip(), 160)
    assert text.endswith("They weigh 3.5 t each, e.g. for granite.")
    assert first_sentences("Short.", 160) == "Short."


def test_numbers_and_abbreviations_do_not_end_a_sentence():
    text = "It weighs 3.5 t and needs 7.5 kW of power when it is loaded with stone from the quarry"
    assert first_sentences(text, 60).endswith("…")
    assert "3.5 t" in first_sentences(text, 60)


def test_chinese_and_arabic_sentences_are_found():
    assert (
        first_sentences("破碎机已发运。重量为三吨。第三句很长很长很长很长", 16)
        == "破碎机已发运。重量为三吨。"
    )
    assert first_sentences("هل وصلت الشحنة؟ نعم وصلت كلها إلى الميناء أمس", 20) == "هل وصلت الشحنة؟"


def test_a_text_is_summarized_without_its_markup():
    assert summarize("", None, "<p>A &amp; <b>B</b></p>") == "A & B"
    assert summarize("", "  ") == ""


def test_names_are_listed():
    assert names(["Crushers", "Screens"]) == "Crushers, Screens"
    assert names(["Crushers"], Company(name="Example Ltd.")) == "Example Ltd.: Crushers"
    assert names(None, Company(name="Example Ltd.")) == ""
