"""The RSS and Atom feeds of the news."""

import html

import feedparser
import pytest
from defusedxml import ElementTree

from news.models import Article, Category
from tests.factories import make_article, make_company, picture_file

pytestmark = pytest.mark.django_db

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_rss_has_full_texts_with_absolute_urls_of_pictures(visitor):
    make_company(name="Example Machines")
    article = make_article(
        title="New & better",
        summary="In short.",
        body='<p>All of it</p><img src="/media/x.png" alt="x"><a href="/products/">p</a>',
        cover=picture_file("PNG"),
        category=Category.objects.create(name="Works"),
    )
    response = visitor.get("/news/feed/")
    assert response.headers["Content-Type"].startswith("application/rss+xml")
    [item] = ElementTree.fromstring(response.content).iter("item")
    assert item.findtext("title") == "New & better"
    assert item.findtext("description") == "In short."
    assert item.findtext("link") == f"http://testserver{article.get_absolute_url()}"
    text = item.findtext(CONTENT)
    assert "<p>All of it</p>" in text
    assert 'src="http://testserver/media/x.png"' in text
    assert 'href="http://testserver/products/"' in text
    assert item.findtext("category") == "Works"
    enclosure = item.find("enclosure")
    assert enclosure.get("type") == "image/png"
    assert enclosure.get("url").startswith("http://testserver/media/news/")
    assert enclosure.get("length") == str(article.cover.size)


def test_atom_has_the_same_articles_as_rss(visitor):
    make_article(title="Title", body="<p>All of it</p>")
    response = visitor.get("/news/feed/atom/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    [entry] = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Title"
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert "All of it" in entry.findtext(f"{ATOM}content")
    [self_link] = [link for link in root.iter(f"{ATOM}link") if link.get("rel") == "self"]
    assert self_link.get("href") == "http://testserver/news/feed/atom/"


def test_a_category_has_a_feed_of_its_own(visitor):
    works = Category.objects.create(name="Works")
    make_article(title="Of the works", category=works)
    make_article(title="Of other places")
    for url in ("/news/category/works/feed/", "/news/category/works/feed/atom/"):
        feed = visitor.get(url).content.decode()
        assert "Of the works" in feed
        assert "Of other places" not in feed
    assert visitor.get("/news/category/none/feed/").status_code == 404


def test_a_feed_is_in_the_language_of_its_url(visitor):
    make_article(title_en="Crusher", title_zh_hans="破碎机")
    assert "破碎机" in visitor.get("/zh-hans/news/feed/").content.decode()
    assert "破碎机" not in visitor.get("/news/feed/").content.decode()


def test_a_feed_has_no_drafts_and_a_limited_number_of_articles(visitor):
    make_article(title="Secret", status=Article.Status.DRAFT)
    for _ in range(25):
        make_article()
    feed = visitor.get("/news/feed/").content.decode()
    assert "Secret" not in feed
    assert feed.count("<item>") == 20


def test_an_unchanged_feed_gets_status_304(visitor):
    article = make_article()
    first = visitor.get("/news/feed/")
    again = visitor.get("/news/feed/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    Article.objects.filter(pk=article.pk).update(title="Changed", title_en="Changed")
    changed = visitor.get("/news/feed/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("url", ["/news/feed/", "/news/feed/atom/", "/ar/news/feed/"])
def test_a_feed_parser_reads_the_feed_without_errors(visitor, url):
    make_article(title="<Odd> & “typed” \N{SNOWMAN}", body="<p>]]></p>", summary="a < b")
    feed = feedparser.parse(visitor.get(url).content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version in {"rss20", "atom10"}
    [entry] = feed.entries
    assert "<Odd>" in html.unescape(entry.title)
    assert entry.published_parsed
    assert entry.content[0].value == "<p>]]&gt;</p>"


def test_a_feed_without_articles_is_valid(visitor):
    assert visitor.get("/news/feed/").status_code == 200


def test_every_list_of_news_links_to_its_feeds(visitor):
    page = visitor.get("/news/").content.decode()
    assert 'href="/news/feed/"' in page
    assert 'href="/news/feed/atom/"' in page
