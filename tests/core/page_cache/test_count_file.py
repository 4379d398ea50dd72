"""Counting views in a file that processes share, where the database is SQLite."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.page_cache import counting, redis
from core.page_cache.count_file import BLOCK, STEP, CountFile
from core.page_cache.counting import count_view, store_counts
from news.models import Article
from tests.factories import make_article, make_company
from tests.waiting import wait_until

PROCESSES, COUNTS = 4, 5_000
COUNT = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from core.page_cache.count_file import CountFile
file = CountFile(Path({path!r}), 1)
for _ in range({counts}):
    print(file.count(5, start=0, views=1), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "views"


@pytest.fixture
def file(path: Path, monkeypatch: pytest.MonkeyPatch) -> CountFile:
    """A file in which the views of articles are counted."""
    file = CountFile(path, 1)
    monkeypatch.setattr(redis, "is_configured", lambda: False)
    monkeypatch.setattr(counting, "find_count_file", lambda model: file)
    return file


def start_process(path: Path, output: Path, counts: int = COUNTS) -> subprocess.Popen[bytes]:
    """A process that begins to count and writes the numbers to a file."""
    root = str(Path(__file__).parents[3])
    code = COUNT.format(root=root, path=str(path), counts=counts)
    with output.open("wb") as stdout:
        return subprocess.Popen([sys.executable, "-c", code], stdout=stdout)


def read_numbers(output: Path) -> list[int]:
    return [int(line) for line in output.read_text().splitlines()]


def test_processes_count_each_view_once(path, tmp_path):
    outputs = [tmp_path / f"numbers-{number}" for number in range(PROCESSES)]
    processes = [start_process(path, output) for output in outputs]
    assert [process.wait() for process in processes] == [0] * PROCESSES
    numbers = [number for output in outputs for number in read_numbers(output)]
    assert sorted(numbers) == list(range(1, PROCESSES * COUNTS + 1))


def test_a_killed_process_loses_no_view_and_blocks_no_other(path, tmp_path):
    output = tmp_path / "numbers"
    process = start_process(path, output, counts=10**9)
    wait_until(lambda: len(output.read_bytes()) > 100, "it counts")
    process.kill()
    assert process.wait() == -signal.SIGKILL, "it was still counting"
    last = read_numbers(output)[-1]
    counted = CountFile(path, 1).count(5, start=0, views=0)
    assert counted in (last, last + 1), "the last number may not have been written"


def test_the_counts_of_another_database_are_dropped(path):
    CountFile(path, 1).count(5, start=0, views=1)
    assert CountFile(path, 1).count(5, start=0, views=0) == 1
    assert CountFile(path, 2).count(5, start=0, views=0) == 0
    assert CountFile(path, 2).changed(10) == {}


def test_a_lost_count_starts_with_what_the_database_has(path):
    file = CountFile(path, 1)
    assert file.count(5, start=40, views=1) == 41
    assert file.count(5, start=40, views=1) == 42


def test_a_file_grows_for_all_processes(path):
    first, second = CountFile(path, 1), CountFile(path, 1)
    for key in (1, BLOCK, STEP - 1, STEP, 3 * STEP + 1):
        assert first.count(key, start=0, views=1) == 1
        assert second.count(key, start=0, views=1) == 2
    assert second.changed(10) == dict.fromkeys((1, BLOCK, STEP - 1, STEP, 3 * STEP + 1), 2)


def test_the_worker_finds_what_the_database_lacks(path):
    file = CountFile(path, 1)
    for key in (3, 3, BLOCK + 3, 9):
        file.count(key, start=0, views=1)
    assert file.changed(10) == {3: 2, 9: 1, BLOCK + 3: 1}
    assert file.changed(2) == {3: 2, 9: 1}
    file.note_stored({3: 2, 9: 1})
    assert file.changed(10) == {BLOCK + 3: 1}
    file.count(3, start=0, views=1)
    assert file.changed(10) == {3: 3, BLOCK + 3: 1}


@pytest.fixture
def article(db: None) -> Article:
    make_company()
    return make_article(slug="pump", views=7)


def test_pages_show_the_count_and_the_worker_stores_it(site, file, article):
    assert [site.get("/news/pump/").views for _ in range(3)] == [8, 9, 10]
    article.refresh_from_db()
    assert article.views < 10, "it is in the file alone"
    assert store_counts() == 1
    article.refresh_from_db()
    assert (article.views, article.stored_count) == (10, 3)
    assert article.viewed_at, "the daily statistics are to be brought up to date"
    assert site.get("/news/pump/").views == 11
    assert store_counts() == 1
    assert store_counts() == 0


def test_views_with_and_without_a_kept_page_are_added_up(site, file, article):
    assert site.get("/news/pump/").views == 8
    assert count_view(article) == 9
    assert site.get("/news/pump/").views == 10
    assert site.get("/news/pump/", user_agent="Googlebot/2.1").views == 10
    article.refresh_from_db()
    assert count_view(article) == 11


def test_an_edit_shows_at_the_next_request(site, file, article, committed):
    site.get("/news/pump/")
    with committed():
        Article.objects.filter(pk=article.pk).update(title="New", title_en="New")
    page = site.get("/news/pump/")
    assert "New" in page.text
    assert page.views == 9


def test_a_restored_database_gets_the_views_since_then(file, article):
    count_view(article)
    Article.objects.filter(pk=article.pk).update(views=7, stored_count=0)
    article.refresh_from_db()
    assert count_view(article) == 9


def test_a_new_article_does_not_have_the_views_of_an_earlier_one(file, article):
    file.count(article.pk + 1, start=0, views=1)
    new = make_article(pk=article.pk + 1, slug="new", views=0)
    assert count_view(new) == 1


def test_a_deleted_article_is_forgotten(file, article, committed):
    count_view(article)
    key = article.pk
    with committed():
        article.delete()
    assert file.count(key, start=0, views=0) == 0


def test_without_room_on_the_disk_views_are_counted_in_the_database(
    site, file, article, monkeypatch, caplog
):
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", fail)
    Article.objects.filter(pk=article.pk).update(id=10 * STEP)
    monkeypatch.setattr(counting, "_log_again_at", {})
    assert [site.get("/news/pump/").views for _ in range(3)] == [8, 9, 10]
    assert Article.objects.get(slug="pump").views == 10
    assert caplog.text.count("No space left") == 1


def test_a_file_that_cannot_be_opened_is_not_used(site, article, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(redis, "is_configured", lambda: False)
    monkeypatch.setattr(counting, "_retry_at", {})
    attempts = []

    def open_file(model: object) -> CountFile:
        attempts.append(model)
        return CountFile(tmp_path / "missing" / "views", 1)

    monkeypatch.setattr(counting, "find_count_file", open_file)
    assert [site.get("/news/pump/").views for _ in range(3)] == [8, 9, 10]
    assert Article.objects.get(slug="pump").views == 10
    assert len(attempts) == caplog.text.count("counted in the database") == 1
    monkeypatch.setattr(counting, "RETRY_AFTER", 0.0)
    monkeypatch.setattr(counting, "_retry_at", {})
    site.get("/news/pump/")
    assert len(attempts) > 1, "it is tried again after a while"


def test_only_sqlite_without_redis_has_a_file(db):
    is_used = connection.vendor == "sqlite" and not redis.is_configured()
    assert (counting.find_count_file(Article) is not None) == is_used
    if is_used:
        name = settings.DATABASES["default"]["NAME"]
        assert Path(f"{name}-news.article.views").exists()


def test_where_each_reading_is_rendered_the_worker_alone_stores_counts(file, article, settings):
    settings.PAGE_CACHE = False
    with CaptureQueriesContext(connection) as queries:
        assert [count_view(article) for _ in range(3)] == [8, 9, 10]
    assert len(queries) == 0
    store_counts()
    article.refresh_from_db()
    assert article.views == 10
