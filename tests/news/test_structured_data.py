"""Data for search engines and shared links."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone
from pyld import jsonld

from news.models import Article, Category
from tests.factories import make_article, make_company, picture_file

pytestmark = pytest.mark.django_db

ELEMENT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SCHEMA = "https://schema.org/"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def structured_data_on(visitor, url: str) -> dict[str, dict]:
    """The items on the page by their type, as a JSON-LD processor reads them."""
    [text] = ELEMENT.findall(visitor.get(url).content.decode())
    data = json.loads(text)
    assert data.pop("@context") == "https://schema.org"
    expanded = jsonld.expand(data | {"@context": {"@vocab": SCHEMA}})
    return {
        item["@type"][0].removeprefix(SCHEMA): jsonld.compact(item, {"@vocab": SCHEMA})
        for item in expanded
    }


def test_an_article_has_structured_data_with_a_breadcrumb(visitor):
    make_company(name="Example Machines")
    article = make_article(
        title="A crusher",
        summary="In short.",
        publish_time=datetime(2024, 6, 1, 12, tzinfo=UTC),
        cover=picture_file(),
        category=Category.objects.create(name="Works"),
    )
    items = structured_data_on(visitor, article.get_absolute_url())
    news = items["NewsArticle"]
    assert news["headline"] == "A crusher"
    assert news["description"] == "In short."
    assert news["datePublished"] == "2024-06-01T12:00:00+00:00"
    assert news["image"].startswith("http://testserver/media/news/")
    assert news["mainEntityOfPage"] == f"http://testserver{article.get_absolute_url()}"
    assert news["publisher"]["name"] == news["author"]["name"] == "Example Machines"
    assert news["inLanguage"] == "en"
    steps = items["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["Home", "News", "A crusher"]
    assert [step["item"] for step in steps] == [
        "http://testserver/",
        "http://testserver/news/",
        f"http://testserver{article.get_absolute_url()}",
    ]


def test_the_structured_data_name_an_author_who_is_a_person(visitor):
    article = make_article(author="July Zhou")
    author = structured_data_on(visitor, article.get_absolute_url())["NewsArticle"]["author"]
    assert author == {"@type": "Person", "name": "July Zhou"}


@pytest.mark.parametrize("url", ["/", "/contacts/"])
def test_the_structured_data_of_the_company_have_its_contact_details(visitor, url):
    make_company(name="Example Machines", hotline="+86 1234", address="No. 1")
    company = structured_data_on(visitor, url)["Organization"]
    assert company["name"] == "Example Machines"
    assert company["telephone"] == "+86 1234"
    assert "email" not in company, "what is empty is left out"


def test_a_title_cannot_close_the_script_element(visitor):
    article = make_article(title="</script><script>alert(1)</script><!--")
    page = visitor.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    news = structured_data_on(visitor, article.get_absolute_url())["NewsArticle"]
    assert news["headline"] == "</script><script>alert(1)</script><!--"


def test_a_shared_link_has_title_summary_and_picture(visitor):
    article = make_article(title="A crusher", summary="In short.", cover=picture_file())
    page = " ".join(visitor.get(article.get_absolute_url()).content.decode().split())
    assert '<meta property="og:type" content="article">' in page
    assert '<meta property="og:title" content="A crusher">' in page
    assert '<meta property="og:description" content="In short.">' in page
    assert '<meta property="og:image" content="http://testserver/media/news/' in page
    assert '<meta name="description" content="In short.">' in page


def test_the_google_news_sitemap_has_the_last_two_days(visitor):
    make_company(name="Example Machines")
    make_article(title="Fresh & new")
    make_article(title="Stale", publish_time=timezone.now() - timedelta(days=3))
    make_article(title="Secret", status=Article.Status.DRAFT)
    root = ElementTree.fromstring(visitor.get("/sitemap-google-news.xml").content)
    [news] = root.iter(f"{NEWS}news")
    assert news.findtext(f"{NEWS}title") == "Fresh & new"
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == "Example Machines"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "en"
    assert "sitemap-google-news.xml" in visitor.get("/robots.txt").content.decode()
