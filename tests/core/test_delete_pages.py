"""The page before something is deleted lists what staff know, not what is computed from it."""

import pytest

from news.services.page_views import aggregate_daily_views, update_most_read
from tests.factories import make_article, make_inquiry
from tests.responses import one_line_text

pytestmark = pytest.mark.django_db


def test_no_search_rows_and_counts_are_listed(admin_client, visitor):
    article = make_article(title="A title to be found", body="<p>Text</p>")
    visitor.get(article.get_absolute_url())
    aggregate_daily_views()
    update_most_read()
    page = one_line_text(admin_client.get(f"/admin/news/article/{article.pk}/delete/")).lower()
    assert "article: a title to be found" in page
    for name in ("search entry", "search entries", "daily views", "total views", "most read"):
        assert name not in page


def test_no_search_texts_of_inquiries_are_listed(admin_client):
    inquiry = make_inquiry(message="A question")
    page = admin_client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/delete/")
    text = one_line_text(page).lower()
    assert inquiry.reference.lower() in text
    assert "search text" not in text
    assert "event" in text, "what staff know is listed"
