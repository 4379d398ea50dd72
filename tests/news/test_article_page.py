"""The public pages of articles."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from news.models import Article, Category
from news.queries import find_neighbours
from tests.factories import make_article, make_company, make_contact, picture_file
from tests.responses import one_line_html, one_line_text
from tests.sitemaps import last_part

pytestmark = pytest.mark.django_db


def test_the_page_shows_its_parts_in_the_designed_order(visitor):
    make_company(hotline="+86-17737615274")
    category = Category.objects.create(name="Company news")
    day = datetime(2021, 3, 2, 9, tzinfo=UTC)
    make_article(title="The older one", publish_time=day - timedelta(days=1), category=category)
    article = make_article(
        title="A crusher for Lagos",
        body="<p>It was shipped on Monday.</p>",
        publish_time=day,
        views=7,
        category=category,
    )
    make_article(title="The newer one", publish_time=day + timedelta(days=1), category=category)

    page = one_line_text(visitor.get(article.get_absolute_url()))

    page = page[page.index("Tel:") :]
    parts = [
        "Tel: +86-17737615274",
        "You are here: Home » News » A crusher for Lagos",
        "A crusher for Lagos",
        "Views: 8 Author: Site Editor Publish Time: 2021-03-02 Origin: Site",
        "It was shipped on Monday.",
        "The older one",
        "The newer one",
    ]
    position = 0
    for part in parts:
        position = page.index(part, position) + len(part) - 1


def test_the_page_shows_the_company_and_every_active_contact(visitor):
    make_company(address="No. 1 Example Road", skype="example.sales", phone="86 1", fax="86 2")
    make_contact(name="July", phone="86 371 1", fax="86 371 2", skype="july.s", mobile="+86 177 1")
    make_contact(name="Abner", mobile="+86 (177) 2-2", whatsapp=True)
    make_contact(name="Gone", mobile="+86 177 3", is_active=False)

    response = visitor.get(make_article().get_absolute_url())

    page = one_line_text(response)
    for text in (
        "Add : No. 1 Example Road",
        "Skype : example.sales",
        "Tel : 86 1",
        "Fax : 86 2",
        "TEL: 86 371 1",
        "FAX: 86 371 2",
        "Contact Person: July",
        "Skype: july.s",
        "Mobile: +86 177 1",
        "Mobile / Whatsapp: +86 (177) 2-2",
    ):
        assert text in page
    assert "Gone" not in page
    assert page.count("TEL:") == page.count("FAX:") == 1, "what is empty is left out"
    html = response.content.decode()
    for url in (
        "tel:+861771",
        "https://wa.me/8617722",
        "skype:july.s?chat",
        "skype:example.sales?chat",
    ):
        assert f'href="{url}"' in html


def test_the_footer_names_the_company_and_the_support(visitor):
    make_company(name="Example & Sons", support_name="Helpers")
    response = visitor.get(make_article().get_absolute_url())
    page = one_line_text(response)
    assert "Copyright © Example &amp; Sons" in page
    assert "Support: Helpers" in page
    assert "Site Index" in page
    assert "Product Inquiry" in page


def test_a_republished_article_credits_its_source_in_one_line(visitor):
    article = make_article(
        source_name="Stone Weekly",
        source_author="A. Writer",
        source_time=datetime(2021, 3, 2, 9, 2, 31, tzinfo=UTC),
        source_url="https://weekly.example.com/crushers?a=1&b=2",
        source_permission="By letter of 1 March",
    )
    response = visitor.get(article.get_absolute_url())
    link = 'href="https://weekly.example.com/crushers?a=1&amp;b=2" rel="nofollow noopener"'
    assert link in response.content.decode()
    assert "By letter" not in response.content.decode()
    page = one_line_text(response)
    assert "Source: Stone Weekly Author: A. Writer 2021-03-02 09:02:31" in page


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Article.Status.DRAFT},
        {"publish_time": timezone.now() + timedelta(hours=1)},
    ],
    ids=["a draft", "a scheduled article"],
)
def test_an_unpublished_article_is_not_on_any_page(visitor, fields):
    article = make_article(title="Not yet to be read", featured=True, **fields)
    neighbour = make_article()
    assert visitor.get(article.get_absolute_url()).status_code == 404
    for url in (
        "/", "/news/", "/site-index/", last_part(visitor, "news"), neighbour.get_absolute_url(),
    ):  # fmt: skip
        response = visitor.get(url)
        assert response.status_code == 200
        assert "Not yet to be read" not in response.content.decode()
        assert article.slug not in response.content.decode()


def test_an_unknown_article_shows_the_404_page_of_the_site(visitor):
    response = visitor.get("/news/there-is-no-such-thing/")
    assert response.status_code == 404
    assert "/news/" in response.content.decode()


def test_a_scheduled_article_appears_at_its_publish_time(visitor, monkeypatch):
    article = make_article(publish_time=timezone.now() + timedelta(hours=1))
    assert visitor.get(article.get_absolute_url()).status_code == 404
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert visitor.get(article.get_absolute_url()).status_code == 200


def test_markup_in_a_title_is_escaped(visitor):
    article = make_article(title="<script>alert(1)</script>")
    assert b"<script>alert(1)" not in visitor.get(article.get_absolute_url()).content


def test_scripts_in_the_database_are_removed_from_the_page(visitor):
    article = make_article()
    table = Article._meta.db_table

    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET body_en = %s, body = %s",  # noqa: S608
            ["<p onclick=x()>Kept</p><script>gone()</script>"] * 2,
        )
    page = visitor.get(article.get_absolute_url()).content
    assert b"Kept" in page
    assert b"onclick" not in page
    assert b"gone()" not in page


def test_the_page_needs_at_most_nine_queries_with_any_number_of_articles(
    visitor, django_assert_max_num_queries
):
    make_company(hotline="+86 1")
    make_contact(name="July")
    category = Category.objects.create(name="News")
    now = timezone.now()
    articles = [
        Article(
            title=f"Number {number}",
            slug=f"number-{number}",
            status="published",
            publish_time=now - timedelta(minutes=number),
            category=category,
        )
        for number in range(300)
    ]
    Article.objects.bulk_create(articles)
    article = Article.objects.get(slug="number-150")
    # With those of the menus and the social networks, which are then kept.
    with django_assert_max_num_queries(9):
        response = visitor.get(article.get_absolute_url())
    page = response.content.decode()
    assert "/news/number-149/" in page
    assert "/news/number-151/" in page


def test_neighbours_are_in_list_order_even_with_equal_publish_times():
    at = timezone.now() - timedelta(days=1)
    first, second, third = (make_article(publish_time=at) for _ in range(3))
    assert find_neighbours(second) == {"previous": first, "next": third}
    assert find_neighbours(first) == {"next": second}


def test_related_articles_are_the_chosen_ones_or_the_newest_of_the_category(visitor):
    works = Category.objects.create(name="Works")
    article = make_article(category=works)
    make_article(title="Of the same category", category=works)
    chosen = make_article(title="Chosen by hand")
    draft = make_article(title="Chosen draft", status=Article.Status.DRAFT)
    page = visitor.get(article.get_absolute_url()).content.decode()
    assert "Of the same category" in page.split("Related articles")[1]
    article.related_articles.set([chosen, draft])
    related = visitor.get(article.get_absolute_url()).content.decode().split("Related articles")[1]
    assert "Chosen by hand" in related
    assert "Of the same category" not in related
    assert "Chosen draft" not in related


def test_a_cover_is_cropped_around_its_focal_point(visitor):
    article = make_article(cover=picture_file(), cover_focus="top-left")
    assert (
        'class="cover focus-top-left"' in visitor.get(article.get_absolute_url()).content.decode()
    )
    assert 'focus-top-left"' in visitor.get("/news/").content.decode()


def test_the_list_is_paginated_with_the_newest_article_first(visitor):
    now = timezone.now()
    for number in range(14):
        make_article(title=f"Title {number:02}", publish_time=now - timedelta(days=number))
    first = one_line_html(visitor.get("/news/"))
    assert first.index("Title 00") < first.index("Title 11")
    assert "Title 12" not in first
    assert "?page=2" in first
    assert '<link rel="next" href="http://testserver/news/?page=2">' in first
    second = one_line_html(visitor.get("/news/?page=2"))
    assert '<link rel="prev" href="http://testserver/news/">' in second
    assert "Title 12" in second
    assert "Title 00" not in second
    assert visitor.get("/news/?page=3").status_code == 404
    assert visitor.get("/news/?page=nonsense").status_code == 404


def test_the_list_needs_the_same_queries_for_one_article_as_for_a_full_page(
    visitor, django_assert_num_queries
):
    make_company()
    make_article(category=Category.objects.create(name="One"))
    with CaptureQueriesContext(connection) as one:
        visitor.get("/news/")
    for number in range(11):
        make_article(category=Category.objects.create(name=f"Category {number}"))
    with django_assert_num_queries(len(one)):
        visitor.get("/news/")


def test_a_category_lists_its_articles_and_an_unknown_one_is_not_found(visitor):
    shipping = Category.objects.create(name="Shipping")
    make_article(title="A ship", category=shipping)
    make_article(title="A mill")
    page = visitor.get("/news/category/shipping/").content.decode()
    assert "A ship" in page
    assert "A mill" not in page
    assert visitor.get("/news/category/none/").status_code == 404


def test_a_category_lists_the_articles_of_its_subcategories(visitor):
    works = Category.objects.create(name="Works")
    visits = Category.objects.create(name="Visits", parent=works)
    make_article(title="A visitor came", category=visits)
    page = visitor.get("/news/category/works/").content.decode()
    assert "A visitor came" in page
    assert 'href="/news/category/visits/"' in page
    subcategory_page = visitor.get("/news/category/visits/").content.decode()
    assert 'href="/news/category/works/" aria-current="true"' in subcategory_page


def test_a_page_is_in_the_language_of_its_url_or_english_if_untranslated(
    visitor,
):
    article = make_article(title_en="Crusher", title_zh_hans="破碎机", body_en="<p>Only here</p>")
    chinese = visitor.get(f"/zh-hans/news/{article.slug}/").content.decode()
    assert "破碎机" in chinese
    assert "Only here" in chinese
    with translation.override("ar"):
        arabic = visitor.get(article.get_absolute_url()).content.decode()
    assert 'dir="rtl"' in arabic
    assert "Crusher" in arabic
