"""The lists of the admin are sorted and filtered with an index."""

import pytest
from axes.models import AccessLog
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from inquiries.models import Inquiry
from news import models as news
from products import models as products
from tests.factories import make_article, make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

ARTICLES, PRODUCTS = "/admin/news/article/", "/admin/products/product/"
INQUIRIES = "/admin/inquiries/inquiry/"
STAFF_LOG = "/admin/staff_log/staffaction/"


@pytest.fixture
def admin(as_user):
    return as_user(make_user(is_superuser=True))


def plan_of(page) -> str:
    """How the database finds the first page of a list, if it does not sort or read a table."""
    assert page.status_code == 200
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE news_article, products_product")
            for step in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{step} = off")
    plan: str = page.context["cl"].queryset.values_list("pk")[:50].explain()
    return plan


@pytest.mark.parametrize(
    ("url", "index"),
    [
        (f"{ARTICLES}?", "article_newest"),
        (f"{ARTICLES}?o=3", "article_newest"),
        (f"{ARTICLES}?o=1", "article_by_title_en"),
        (f"{ARTICLES}?o=-1", "article_by_title_en"),
        (f"{ARTICLES}?o=7", "article_by_views"),
        (f"{ARTICLES}?o=-7", "article_by_views"),
        (f"{ARTICLES}?state=draft", "article_published"),
        (f"{ARTICLES}?state=submitted", "article_published"),
        (f"{ARTICLES}?state=expired", "article_newest_expiring"),
        (f"{ARTICLES}?state=withdrawn", "article_withdrawn"),
        (f"{ARTICLES}?publish_time__year=2026&publish_time__month=3", "article_newest"),
        (f"{ARTICLES}?featured__exact=1", "article_featured"),
        (f"{ARTICLES}?category__id__exact=1", "article_newest_of_category"),
        (f"{PRODUCTS}?", "product_in_order"),
        (f"{PRODUCTS}?o=1", "product_by_name_en"),
        (f"{PRODUCTS}?o=-2", "product_by_sku"),
        (f"{PRODUCTS}?status__exact=draft", "product_published"),
        (f"{PRODUCTS}?featured__exact=1", "product_featured"),
        (f"{PRODUCTS}?category__id__exact=1", "product_in_order_of_category"),
        (f"{INQUIRIES}?", "inquiry_newest"),
        (f"{INQUIRIES}?o=7", "inquiry_newest"),
        (f"{INQUIRIES}?o=3", "inquiry_in_due_order"),
        (f"{INQUIRIES}?o=-3", "inquiry_in_due_order"),
        (f"{INQUIRIES}?status__exact=won", "inquiry_by_status"),
        (f"{INQUIRIES}?assigned_to__id__exact=1", "inquiry_newest_of_contact"),
        (f"{INQUIRIES}?received=2026-03", "inquiry_newest"),
        (f"{INQUIRIES}?source__exact=product", "inquiry_by_source"),
        (f"{INQUIRIES}?country=TV", "inquiry_by_country"),
        (f"{STAFF_LOG}?", "staff_action_by_time"),
        (f"{STAFF_LOG}?kind__exact=changed", "staff_action_of_kind"),
        (f"{STAFF_LOG}?user__id__exact=1", "staff_action_of_user"),
    ],
)
def test_a_list_is_read_in_the_order_of_an_index(admin, url, index):
    others = [news.Article(slug=f"n{n}", status="published") for n in range(300)]
    news.Article.objects.bulk_create(others)
    for pk in (1, 2):
        make_article(category=news.Category.objects.create(pk=pk, name=str(pk)))
        make_product(category=products.Category.objects.create(pk=pk, name=str(pk)))
        make_contact(pk=pk)
        make_inquiry()
    plan = plan_of(admin.get(url))
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_column_without_an_index_is_not_sorted_by_a_url_either(admin):
    make_product(), make_product()
    first, other = (admin.get(f"{PRODUCTS}?o={order}").context["cl"] for order in ("4", "-4"))
    assert list(first.queryset) == list(other.queryset)
    assert "min_order" not in str(first.queryset.query.order_by)


@pytest.mark.parametrize("model_admin", [ARTICLES, PRODUCTS, INQUIRIES])
def test_only_columns_with_an_index_can_be_sorted(admin, model_admin):
    make_article(), make_product(), make_inquiry()
    cl = admin.get(model_admin).context["cl"]
    for number, name in enumerate(cl.list_display):
        if name in cl.sortable_by:
            plan = plan_of(admin.get(f"{model_admin}?o={number}"))
            assert "Sort" not in plan
            assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="test_trigram_tables.py has SQLite's")
def test_products_are_searched_with_an_index_on_postgresql():
    make_product(name="Crusher")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    condition = Q(search_text__contains="rush") | Q(slug__contains="rush")
    found = products.Product.objects.filter(condition)
    assert "product_search_parts" in found.explain()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads the table")
def test_indexes_of_a_list_find_the_next_part_by_its_key():
    inquiry = make_inquiry()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    rows = Inquiry.objects.filter(created_at__lte=inquiry.created_at)
    plan = rows.order_by("-created_at", "-pk").values_list("pk").explain()
    assert "Index Cond" in plan


def test_the_logs_of_other_packages_are_read_with_an_index(admin):
    user = make_user()
    article = make_article()
    log_action(StaffAction.Kind.CHANGED, article, by=user)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for step in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{step} = off")
    recent = StaffAction.objects.filter(user=user)[:10]
    assert "staff_action_of_user" in recent.explain()
    of_article = StaffAction.objects.about(article)
    assert "staff_action_of_object" in of_article.explain()
    assert "access_by_time" in AccessLog.objects.order_by("-attempt_time")[:10].explain()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads the table")
def test_the_outbox_is_searched_with_an_index_on_postgresql(admin):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        admin.get("/admin/post_office/email/?q=buyer")
        search = next(query["sql"] for query in queries if "LIKE" in query["sql"])
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN {search}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "outbox_search_parts" in plan
