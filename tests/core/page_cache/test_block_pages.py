"""Kept pages of blocks end when what their blocks show changes, or when an article appears."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.richtext.services import add_picture
from tests.core.test_block_kinds import block
from tests.factories import make_article, make_page, make_product, picture_file

pytestmark = pytest.mark.django_db


def test_a_changed_picture_changes_the_page(site, committed):
    picture = add_picture(picture_file(), by=None)
    picture.alt_en = "A crusher"
    picture.save()
    make_page(blocks=[block("picture_text", picture=picture.pk)])
    assert "A crusher" in site.get("/about/").text
    picture.alt_en = "A mill"
    with committed():
        picture.save()
    assert "A mill" in site.get("/about/").text


@pytest.mark.parametrize(
    ("kind", "make"), [("latest_news", make_article), ("products", make_product)]
)
def test_a_new_row_is_on_the_page_at_once(site, committed, kind, make):
    names = {"title": "The new one"} if kind == "latest_news" else {"name": "The new one"}
    fields = {} if kind == "latest_news" else {"featured": True}
    make(**fields)
    make_page(blocks=[block(kind)])
    assert "The new one" not in site.get("/about/").text
    with committed():
        make(**names, **fields)
    assert "The new one" in site.get("/about/").text


def test_a_page_without_such_blocks_is_kept_when_they_change(site, committed):
    make_page()
    site.get("/about/")
    with committed():
        make_product(featured=True)
    assert not site.renders("/about/")


def test_a_page_with_news_ends_when_the_next_article_appears(site, monkeypatch):
    make_article(title="Scheduled", publish_time=timezone.now() + timedelta(seconds=30))
    make_page(blocks=[block("latest_news")])
    assert "Scheduled" not in site.get("/about/").text
    later = timezone.now() + timedelta(seconds=31)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert "Scheduled" in site.get("/about/").text
