"""Long lists have pages by number and by key, which together show each row once."""

import re
from datetime import timedelta

import pytest
from django.core.paginator import InvalidPage, Paginator
from django.db import connection
from django.db.models import Case, Value, When
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.pagination import KeysetPaginator
from news.models import Article
from products.models import Category, Product
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_numbered_pages(monkeypatch):
    monkeypatch.setattr(KeysetPaginator, "MAX_NUMBERED", 2)


def make_articles(count: int) -> None:
    """Articles of which some have the same publish time."""
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            title=f"{n:02}",
            slug=f"{n:02}",
            status=Article.Status.PUBLISHED,
            publish_time=now - timedelta(seconds=n // 3, microseconds=7),
        )
        for n in range(count)
    )


def pages_of(paginator: KeysetPaginator, start: int | str, step: str) -> list[list[str]]:
    """The titles on all pages from `start` on, in the direction of `step`."""
    pages = []
    number = start
    while number is not None:
        page = paginator.page(number)
        pages.append([article.title for article in page])
        number = getattr(page, f"{step}_page_number")()
    return pages


@pytest.mark.parametrize("rows", [0, 1, 4, 5, 6, 9, 10, 11, 20, 37])
def test_following_the_links_shows_every_row_once_in_order(rows):
    make_articles(rows)
    articles = Article.objects.all()
    titles = [article.title for article in articles]
    plain = [[row.title for row in page] for page in Paginator(articles, 5)]

    forwards = pages_of(KeysetPaginator(articles, 5), 1, "next")
    assert forwards == plain
    backwards = pages_of(KeysetPaginator(articles, 5), "last", "previous")
    assert sorted({title for page in backwards for title in page}) == sorted(titles)
    assert backwards[-1] == plain[0]
    assert backwards[0] == titles[-5:] or (rows <= 10 and backwards[0] == plain[-1])


@pytest.mark.parametrize("rows", [11, 20, 37])
def test_numbers_after_the_counted_pages_still_work(rows):
    make_articles(rows)
    articles = Article.objects.all()
    for number, plain in enumerate(Paginator(articles, 5), start=1):
        assert list(KeysetPaginator(articles, 5).page(str(number))) == list(plain)
    for number in (rows // 5 + 2, 10**9):
        with pytest.raises(InvalidPage):
            KeysetPaginator(articles, 5).page(number)


def test_a_page_by_key_skips_and_counts_no_rows():
    make_articles(60)
    paginator = KeysetPaginator(Article.objects.all(), 5)
    for number in (paginator.page(2).next_page_number(), "last"):
        with CaptureQueriesContext(connection) as queries:
            page = KeysetPaginator(Article.objects.all(), 5).page(number)
            assert len(page) == 5
        for query in queries:
            assert "OFFSET" not in query["sql"]
            assert "COUNT" not in query["sql"] or "LIMIT 11" in query["sql"]


def test_rows_can_be_ascending():
    category = Category.objects.create(name="Crushers")
    Product.objects.bulk_create(
        Product(name=f"{n}", slug=f"{n}", category=category, order=n // 4) for n in range(23)
    )
    products = Product.objects.all()
    seen, number = [], 1
    while number is not None:
        page = KeysetPaginator(products, 3).page(number)
        seen += list(page)
        number = page.next_page_number()
    assert seen == list(products)


def test_a_list_in_another_order_ends_after_the_numbered_pages():
    make_articles(20)
    rank = Case(When(title="07", then=Value(0)), default=Value(1))
    for order in ([rank, "pk"], ["title", "-pk"]):
        paginator = KeysetPaginator(Article.objects.order_by(*order), 5)
        assert paginator.has_more
        assert not paginator.page(2).has_next()
        assert paginator.page("last").number == 2
        for number in (3, "after-1-2"):
            with pytest.raises(InvalidPage):
                paginator.page(number)


@pytest.mark.parametrize(
    "number",
    ["", "0", "-1", "after", "after-", "after-1", "after-1-2-3", "before-x-1", "after-1--2",
     "after-999999999999999999-1", "after-١-٢", "first", "1.5", "before-1-2 ",
     f"after-{'9' * 30}-1"],
)  # fmt: skip
def test_other_names_are_no_pages(number, visitor):
    make_articles(20)
    assert visitor.get("/news/", {"page": number}).status_code == 404


def test_visitors_reach_the_oldest_article_by_links(visitor):
    make_articles(60)
    seen, path = [], "/news/"
    while path:
        html = visitor.get(path).content.decode()
        seen += re.findall(r'<h\d[^>]*>\s*<a href="/news/(\d\d)/"', html)
        following = re.search(r'rel="next"\s+href="(\?page=[^"]+)"', html)
        canonical = re.search(r'rel="canonical"\s+href="([^"]+)"', html)
        assert canonical[1].removeprefix("http://testserver") == path
        path = f"/news/{following[1]}" if following else ""
    assert seen == [article.title for article in Article.objects.all()]
    pagination = html.split('class="pagination"')[1].split("</nav>")[0]
    assert not re.search(r"Page\s", pagination), "it has no number"


def test_the_last_page_leads_back(visitor):
    make_articles(60)
    html = visitor.get("/news/?page=last").content.decode()
    assert 'href="/news/59/"' in html
    assert 'href="/news/47/"' not in html
    before = re.search(r'rel="prev"\s+href="(\?page=before-[^"]+)"', html)[1]
    html = visitor.get(f"/news/{before}").content.decode()
    assert 'href="/news/47/"' in html


def test_a_key_of_a_deleted_article_still_works(visitor):
    make_articles(60)
    article = make_article(title="Deleted soon", publish_time=timezone.now() - timedelta(days=3))
    key = KeysetPaginator(Article.objects.all(), 5).name("before", article)
    article.delete()
    assert 'href="/news/59/"' in visitor.get("/news/", {"page": key}).content.decode()
