"""Pages read from either end contain the same rows."""

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.pagination import TwoEndedPaginator
from news.models import Tag

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 11, 20, 37])
def test_every_page_has_the_rows_of_a_plain_paginator(rows):
    Tag.objects.bulk_create(Tag(name=f"{n:02}", slug=f"{n:02}") for n in range(rows))
    ours, plain = TwoEndedPaginator(Tag.objects.all(), 5), Paginator(Tag.objects.all(), 5)
    assert ours.num_pages == plain.num_pages
    for number in plain.page_range:
        assert list(ours.page(number)) == list(plain.page(number))


def test_the_last_page_skips_no_rows():
    Tag.objects.bulk_create(Tag(name=f"{n:02}", slug=f"{n:02}") for n in range(50))
    paginator = TwoEndedPaginator(Tag.objects.all(), 5)
    with CaptureQueriesContext(connection) as queries:
        list(paginator.page(10))
    assert "OFFSET" not in queries[-1]["sql"]
