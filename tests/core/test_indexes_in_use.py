"""What the worker, e-mails and the staff look up is found with the index that was made for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.db import connection
from django.db.models import QuerySet, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Contact
from core.page_cache.models import ContentChange
from core.richtext.models import Picture
from core.spreadsheets.models import SpreadsheetJob
from inquiries.metrics import oldest_unanswered_inquiry, overdue_inquiries
from inquiries.models import (
    Attachment,
    FormerReference,
    Inquiry,
    InquiryEvent,
)
from inquiries.services import send_reminders
from news.models import Article, DailyViews
from news.page_cache import find_next_change
from news.services.page_views import aggregate_daily_views
from news.sitemaps import sections
from tests.factories import make_contact

pytestmark = pytest.mark.django_db

ROWS = 400


@pytest.fixture(autouse=True)
def _rows():
    now = timezone.now()
    contacts = [make_contact() for _ in range(4)]
    statuses = ["assigned", "answered", "won", "lost", "lost", "lost", "lost", "lost"]
    inquiries = Inquiry.objects.bulk_create(
        Inquiry(
            reference=f"R{n}",
            email=f"{n}@example.com",
            language="en",
            status="spam" if n % 50 == 0 else statuses[n % 8],
            assigned_to=contacts[n % 4],
            created_at=now - timedelta(hours=n),
            due_at=now - timedelta(hours=n - 24),
            erase_on=now.date() if n % 100 == 0 else None,
        )
        for n in range(ROWS)
    )
    InquiryEvent.objects.bulk_create(
        InquiryEvent(
            inquiry=inquiry,
            kind="held_message" if n % 100 == 0 else "received",
            message_id=f"<{n}@example.com>" if n % 4 == 0 else "",
            at=inquiry.created_at + timedelta(minutes=n),
        )
        for inquiry in inquiries
        for n in range(inquiry.pk % 5)
    )
    FormerReference.objects.bulk_create(
        FormerReference(reference=f"F{n}", inquiry=inquiries[n], email=f"{n}@example.org")
        for n in range(ROWS)
    )
    articles = Article.objects.bulk_create(
        Article(
            slug=f"n{n}",
            status="draft" if n % 4 else "published",
            publish_time=now - timedelta(hours=n),
            expire_time=now + timedelta(hours=1 + n) if n % 40 == 0 else None,
            withdrawn_at=now if n % 41 == 0 else None,
            viewed_at=now if n % 39 == 0 else None,
        )
        for n in range(ROWS)
    )
    DailyViews.objects.bulk_create(
        DailyViews(article=article, day=now.date() - timedelta(days=day), views=1)
        for article in articles[:60]
        for day in range(0, 300, 10)
    )
    ContentChange.objects.bulk_create(
        ContentChange(tag=f"tag{n}", token=1, at=now - timedelta(hours=n), is_published=n % 40 > 0)
        for n in range(ROWS)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            for step in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{step} = off")


def plans_of(look_up: Callable[[], Any]) -> str:
    """How the database executes the queries of `look_up`."""
    with CaptureQueriesContext(connection) as queries:
        result = look_up()
        if isinstance(result, QuerySet):
            list(result)
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    plans = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            # Those that PostgreSQL has prepared have no values here.
            if query["sql"].startswith("SELECT") and "$1" not in query["sql"]:
                cursor.execute(f"{explain} {query['sql']}".replace("%", "%%"))
                plans += [str(row[-1]) for row in cursor.fetchall()]
    return "\n".join(plans)


def contact() -> Contact:
    return Contact.objects.all()[1]


LOOK_UPS: list[tuple[Callable[[], Any], str]] = [
    (lambda: Inquiry.objects.overdue().order_by().values_list("pk"), "inquiry_due"),
    (send_reminders, "inquiry_due"),
    (overdue_inquiries, "inquiry_due"),
    (
        lambda: Inquiry.objects.filter(assigned_to=contact(), status="lost")[:50],
        "inquiry_by_contact",
    ),
    (
        lambda: Inquiry.objects.scheduled_for_erasure().order_by("erase_on")[:50],
        "inquiry_to_erase",
    ),
    (lambda: Inquiry.objects.all()[0].events.all(), "inquiry_event_timeline"),
    (lambda: Inquiry.objects.list_held_as_spam(), "inquiry_event_held_message"),
    (
        lambda: InquiryEvent.objects.filter(message_id__in=["<4@example.com>"]).exclude(
            message_id=""
        ),
        "inquiry_event_message_id",
    ),
    (
        lambda: FormerReference.objects.from_buyer("7@example.org").order_by(),
        "inquiry_former_buyer",
    ),
    (
        lambda: Attachment.objects.filter(needs_preview=True).order_by("pk")[:10],
        "attachment_needs_preview",
    ),
    (aggregate_daily_views, "article_viewed"),
    (lambda: Article.objects.expired()[:50], "article_newest_expiring"),
    (lambda: Article.objects.withdrawn()[:50], "article_withdrawn"),
    (lambda: Picture.objects.all()[:24], "richtext_picture_newest"),
    (lambda: AccessAttempt.objects.order_by("-attempt_time")[:10], "attempt_by_time"),
    (lambda: AccessFailureLog.objects.order_by("-attempt_time")[:10], "failure_by_time"),
    (lambda: SpreadsheetJob.objects.filter(state="waiting"), "spreadsheet_job_state"),
    (
        lambda: ContentChange.objects.filter(tag="tag7").values_list("tag").annotate(Sum("token")),
        "content_change_version",
    ),
    (
        lambda: ContentChange.objects.filter(at__lt=timezone.now() - timedelta(hours=300)),
        "content_change_age",
    ),
    (
        lambda: ContentChange.objects.filter(is_published=False).order_by("pk"),
        "content_change_unpublished",
    ),
    (find_next_change, "article_expiring"),
]

# SQLite, which knows nothing of how many rows match, uses other indexes.
LOOK_UPS_ON_POSTGRESQL: list[tuple[Callable[[], Any], str]] = [
    (lambda: Inquiry.objects.spam()[:50], "inquiry_spam"),
    (lambda: DailyViews.objects.most_viewed(7), "daily_views_by_day"),
    (lambda: Article.objects.all()[0].daily_views.by_day(30), "daily_views_once_a_day"),
]
if connection.vendor == "postgresql":
    LOOK_UPS += LOOK_UPS_ON_POSTGRESQL


@pytest.mark.parametrize(("look_up", "index"), LOOK_UPS, ids=[index for _, index in LOOK_UPS])
def test_rows_are_found_with_the_index_for_them(look_up, index):
    assert index in plans_of(look_up)


def test_the_last_changes_of_the_sitemap_are_read_in_the_order_of_their_indexes():
    plan = plans_of(sections["news"].last_changes)
    assert "article_published" in plan
    assert "article_changed" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_the_oldest_unanswered_inquiry_is_at_the_end_of_an_index():
    plan = plans_of(oldest_unanswered_inquiry)
    assert "inquiry_by_status" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_the_last_part_of_the_sitemap_is_found_by_the_last_key():
    plan = plans_of(sections["news"].count_parts)
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
    if connection.vendor == "postgresql":
        assert "Index Scan Backward using news_article_pkey" in plan
    else:
        assert plan.startswith("SCAN news_article\n")  # from the last key
        assert "INTEGER PRIMARY KEY (rowid=?)" in plan


def test_held_messages_of_other_contacts_do_not_lengthen_the_query_of_a_contacts_list():
    inquiries = Inquiry.objects.filter(assigned_to=contact())
    plan = plans_of(inquiries.list_held_as_spam)
    assert "inquiry_event_held_message" in plan
    _sql, keys = inquiries.list_held_as_spam().query.sql_with_params()
    assert len(keys) <= 1 + ROWS / 4
