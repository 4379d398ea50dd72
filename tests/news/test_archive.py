"""The news by month and by tag."""

from datetime import UTC, datetime

import pytest

from news.models import Tag
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


def test_a_month_lists_the_articles_published_in_it(visitor):
    make_article(title="Last of May", publish_time=at(2024, 5, 31, 23, 59, 59))
    make_article(title="First of June", publish_time=at(2024, 6, 1))
    make_article(title="Last of June", publish_time=at(2024, 6, 30, 23, 59, 59))
    make_article(title="First of July", publish_time=at(2024, 7, 1))
    page = visitor.get("/news/archive/2024/6/").content.decode()
    assert "First of June" in page
    assert "Last of June" in page
    assert "Last of May" not in page
    assert "First of July" not in page
    assert "June 2024" in page


def test_months_are_in_the_time_zone_of_the_company(visitor, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    make_article(title="Already June", publish_time=at(2024, 5, 31, 20))
    assert "Already June" in visitor.get("/news/archive/2024/6/").content.decode()
    assert visitor.get("/news/archive/2024/5/").status_code == 404


def test_a_month_links_to_the_nearest_months_with_articles(visitor):
    for month in (1, 6, 12):
        make_article(publish_time=at(2024, month, 9))
    page = visitor.get("/news/archive/2024/6/").content.decode()
    assert 'href="/news/archive/2024/1/"' in page
    assert 'href="/news/archive/2024/12/"' in page
    assert 'href="/news/archive/2024/12/"' in visitor.get("/news/").content.decode()


@pytest.mark.parametrize("month", ["2024/13", "2024/0", "0/5", "99999/5", "9999/12", "2023/5"])
def test_empty_and_invalid_months_are_not_found(visitor, month):
    make_article(publish_time=at(2024, 5, 9))
    assert visitor.get(f"/news/archive/{month}/").status_code == 404


def test_a_tag_lists_its_articles_and_they_link_to_it(visitor):
    tag = Tag.objects.create(name="Spare parts")
    article = make_article(title="A list of parts")
    article.tags.add(tag)
    make_article(title="Something else")
    page = visitor.get("/news/tag/spare-parts/").content.decode()
    assert "A list of parts" in page
    assert "Something else" not in page
    assert (
        'href="/news/tag/spare-parts/"' in visitor.get(article.get_absolute_url()).content.decode()
    )
    assert visitor.get("/news/tag/none/").status_code == 404
