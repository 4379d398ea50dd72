"""Table of contents, reading time and share links of an article."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.richtext.outline import minutes_to_read, outline
from news.share_links import share_links
from tests.factories import make_article


def test_the_table_of_contents_links_to_the_headings():
    text = outline("<h2>One</h2><p>a</p><h3>Two <em>b</em></h3><h4>Not</h4><h2>One</h2><h2> </h2>")
    assert [(h.text, h.anchor, h.is_nested) for h in text.headings] == [
        ("One", "section-1", False),
        ("Two b", "section-2", True),
        ("One", "section-3", False),
    ]
    for heading in text.headings:
        assert f'id="{heading.anchor}"' in text.html
    assert "<h4>Not</h4>" in text.html


def test_a_short_text_has_no_table_of_contents():
    assert outline("<h2>One</h2><h2>Two</h2>").headings == []
    assert outline("").headings == []
    assert outline(None).html == ""


def test_the_outlined_text_is_cleaned():
    text = outline('<h2 id="x" onclick="y()">One</h2><script>bad()</script>')
    assert text.html == '<h2 id="section-1">One</h2>'


@pytest.mark.parametrize(
    ("html", "minutes"),
    [
        ("", 1),
        ("<p>word</p>" * 220, 1),
        ("<p>word </p>" * 1100, 5),
        ("<p>破碎机</p>" * 400, 3),
        ("<p>破碎机 crusher</p>" * 400, 5),
    ],
)
def test_the_reading_time_depends_on_the_length_of_the_text(html, minutes):
    assert minutes_to_read(html) == minutes


@pytest.mark.django_db
def test_a_long_article_shows_its_contents_and_reading_time(visitor):
    article = make_article(
        body="".join(f"<h2>Part {n}</h2><p>{'word ' * 220}</p>" for n in range(4))
    )
    page = visitor.get(article.get_absolute_url()).content.decode()
    assert '<a href="#section-1"><bdi>Part 0</bdi></a>' in page
    assert '<h2 id="section-1">Part 0</h2>' in page
    assert "4 min read" in page
    short = visitor.get(make_article(body="<p>Short</p>").get_absolute_url()).content.decode()
    assert "min read" not in short


@pytest.mark.django_db
def test_share_links_have_title_and_absolute_url_and_load_no_scripts(visitor):
    article = make_article(title="Crushers & more?", slug="crushers")
    page = visitor.get(article.get_absolute_url())

    for link in share_links(article):
        assert f'href="{link.url.replace("&", "&amp;")}"' in page.content.decode()
        query = parse_qs(urlsplit(link.url).query)
        shared = " ".join(value for values in query.values() for value in values)
        assert "http://testserver/news/crushers/" in shared
    mail = parse_qs(urlsplit(share_links(article)[0].url).query)
    assert mail["subject"] == ["Crushers & more?"]
