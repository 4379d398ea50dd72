"""Feed readers follow the news."""

import html

import feedparser
import pytest
from defusedxml import ElementTree

from news.models import Article, Category
from tests.world import make_article, make_company, picture_file

pytestmark = pytest.mark.django_db

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_rss_holds_whole_texts_with_pictures_under_full_addresses(reader):
    make_company(name="Example Machines")
    article = make_article(
        title="New & better",
        summary="In short.",
        body='<p>All of it</p><img src="/media/x.png" alt="x"><a href="/products/">p</a>',
        cover=picture_file("PNG"),
        category=Category.objects.create(name="Works"),
    )
    response = reader.get("/news/feed/")
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


def test_atom_holds_the_same(reader):
    make_article(title="Title", body="<p>All of it</p>")
    response = reader.get("/news/feed/atom/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    [entry] = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Title"
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert "All of it" in entry.findtext(f"{ATOM}content")
    [own] = [link for link in root.iter(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == "http://testserver/news/feed/atom/"


def test_a_category_has_a_feed_of_its_own(reader):
    ours = Category.objects.create(name="Works")
    make_article(title="Of the works", category=ours)
    make_article(title="Of the world")
    for address in ("/news/category/works/feed/", "/news/category/works/feed/atom/"):
        feed = reader.get(address).content.decode()
        assert "Of the works" in feed
        assert "Of the world" not in feed
    assert reader.get("/news/category/none/feed/").status_code == 404


def test_a_feed_speaks_the_language_of_its_address(reader):
    make_article(title_en="Crusher", title_zh_hans="破碎机")
    assert "破碎机" in reader.get("/zh-hans/news/feed/").content.decode()
    assert "破碎机" not in reader.get("/news/feed/").content.decode()


def test_drafts_are_in_no_feed_and_a_feed_is_bounded(reader):
    make_article(title="Secret", status=Article.Status.DRAFT)
    for _ in range(25):
        make_article()
    feed = reader.get("/news/feed/").content.decode()
    assert "Secret" not in feed
    assert feed.count("<item>") == 20


def test_a_reader_that_has_the_newest_already_is_told_so(reader):
    article = make_article()
    first = reader.get("/news/feed/")
    again = reader.get("/news/feed/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    Article.objects.filter(pk=article.pk).update(title="Changed", title_en="Changed")
    changed = reader.get("/news/feed/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("address", ["/news/feed/", "/news/feed/atom/", "/ar/news/feed/"])
def test_a_feed_is_well_formed_for_the_parser_of_feed_readers(reader, address):
    make_article(title="<Odd> & “typed” \N{SNOWMAN}", body="<p>]]></p>", summary="a < b")
    feed = feedparser.parse(reader.get(address).content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version in {"rss20", "atom10"}
    [entry] = feed.entries
    assert "<Odd>" in html.unescape(entry.title)
    assert entry.published_parsed
    assert entry.content[0].value == "<p>]]&gt;</p>"


def test_an_empty_feed_is_a_feed(reader):
    assert reader.get("/news/feed/").status_code == 200


def test_every_list_of_news_names_its_feeds(reader):
    page = reader.get("/news/").content.decode()
    assert 'href="/news/feed/"' in page
    assert 'href="/news/feed/atom/"' in page
