"""Making articles, products and inquiries in chunks, on PostgreSQL in several processes."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from contacts.models import Company
from core.page_cache.versions import EVERY_PAGE, mark_changed
from core.search.models import SearchEntry
from demo.bulk.articles import create_taxonomy, write_articles
from demo.bulk.inquiries import create_contacts, write_inquiries
from demo.bulk.products import create_categories, write_products
from demo.bulk.tables import analyze, create_index, drop_indexes, next_primary_key, reset_sequences
from inquiries.models import Inquiry, InquiryEvent, InquiryLine, InquirySearchText
from inquiries.statistics.queries import update_statistics
from news.models import Article, DailyViews
from news.services.page_views import recount_total_views, update_most_read
from products.models import Product, Specification

CHUNK_SIZE = 5_000
# From this number of rows on, indexes are dropped first and created again at the end.
MIN_ROWS_TO_DROP_INDEXES = 50_000

TABLES: dict[type[Model], list[type[Model]]] = {
    Product: [Product, Specification],
    Article: [Article, Article.tags.through, DailyViews, SearchEntry],
    Inquiry: [Inquiry, InquiryLine, InquiryEvent, InquirySearchText],
}

Item = TypeVar("Item")
Report = Callable[[str, int, int], None]


def make_data(*, articles: int, products: int, inquiries: int, seed: int, report: Report) -> None:
    """Add so many rows to the database, with all that belongs to them.

    On the same day, the same seed makes the same content. `report` is called with the name of a
    step, how much of it is done, and how much there is to do.
    """
    create_taxonomy()
    create_categories()
    create_contacts()
    _name_company()
    wanted = {Product: products, Article: articles, Inquiry: inquiries}
    definitions = _drop_indexes(wanted)
    try:
        # The inquiries are about products, which therefore come first.
        for model, count in wanted.items():
            _write(model, count, seed, report)
    finally:
        _run("indexes", create_index, definitions, report)
    reset_sequences(wanted)
    update_most_read()
    mark_changed(EVERY_PAGE)
    analyze()
    recount_total_views()
    update_statistics()


def _name_company() -> None:
    company = Company.get_solo()
    if not company.name:
        company.name = "Example Machinery Co., Ltd."
        company.save()


def _drop_indexes(wanted: dict[type[Model], int]) -> list[str]:
    if connection.vendor != "postgresql":
        return []
    many = [model for model, count in wanted.items() if count >= MIN_ROWS_TO_DROP_INDEXES]
    return drop_indexes(table for model in many for table in TABLES[model])


def _write(model: type[Model], count: int, seed: int, report: Report) -> None:
    first = next_primary_key(model)
    total = range(first, first + count)
    chunks = [total[start : start + CHUNK_SIZE] for start in range(0, count, CHUNK_SIZE)]
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    write = partial(write_chunk, model, total=total, seed=seed, today=today)
    _run(str(model._meta.verbose_name_plural), write, chunks, report, size=len)


def write_chunk(
    model: type[Model], ids: range, *, total: range, seed: int, today: datetime
) -> None:
    """Write the rows of `model` with these primary keys."""
    random = Random(f"{seed}/{model.__name__}/{ids.start - total.start}")  # noqa: S311
    with transaction.atomic():
        if model is Product:
            write_products(random, seed, ids)
        elif model is Article:
            write_articles(random, seed, ids, total, today)
        else:
            write_inquiries(random, seed, ids, total, today)


def _run(
    step: str,
    function: Callable[[Item], None],
    items: Sequence[Item],
    report: Report,
    size: Callable[[Any], int] = lambda item: 1,
) -> None:
    """Call `function` with each item, and report after each."""
    done, total = 0, sum(map(size, items))
    for item in _completed(function, items):
        done += size(item)
        report(step, done, total)


def _completed(function: Callable[[Item], None], items: Sequence[Item]) -> Iterator[Item]:
    """Call `function` with each item, on PostgreSQL in as many processes as there are cores.

    Other processes cannot see the rows of an open transaction.
    """
    one_writer = connection.vendor != "postgresql" or connection.in_atomic_block
    if one_writer or len(items) < 2:
        for item in items:
            function(item)
            yield item
        return
    postgres: Any = connection
    postgres.close()
    postgres.close_pool()  # a forked process cannot use it
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as processes:
        running = {processes.submit(function, item): item for item in items}
        for future in as_completed(running):
            future.result()
            yield running[future]
