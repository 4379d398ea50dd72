"""`copy_database` moves every row to another database, and new rows get the next keys there."""

import pytest

from tests.endurance.backup.site import new_database
from tests.endurance.backup.test_drill import ROWS

LAST_DELETED = """
from news.models import Article
print(Article.objects.order_by("-pk").first().delete()[0])
"""
NEW_KEY = """
from news.models import Article
print(Article.objects.create(title="New").pk)
"""
TOO_LONG = """
from contacts.models import Contact
Contact.objects.create(name="x" * 1000)
"""
SEARCH = """
from django.test import Client
page = Client().get("/search/?q=Article+7", headers={"host": "127.0.0.1"})
print(page.status_code, "/news/article-7" in page.content.decode())
"""
CHECK_TRIGRAMS = """
from django.db import connection
table = "news_article_trigrams"
check = f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)"
connection.cursor().execute(check)
"""


def rows(site) -> list[str]:
    # The copy rebuilds its search.
    log = ("backup.", "search.SearchEntry", "search.IndexedLanguage")
    return [row for row in site.python(ROWS).splitlines() if not row.startswith(log)]


def test_everything_is_moved_and_back(site, tmp_path):
    site.python(LAST_DELETED)
    before, source = rows(site), site.database_url
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    output = site.run("copy_database", "--to", other)
    assert "all numbers of rows and sequences agree" in output
    site.database_url = other
    assert rows(site) == before
    assert site.python(SEARCH) == "200 True\n"
    site.python(CHECK_TRIGRAMS)
    (tmp_path / "back").mkdir()
    with new_database(tmp_path / "back") as third:
        site.run("copy_database", "--to", third)
        assert site.manage("copy_database", "--to", third).stderr == (
            "CommandError: The other database has content. Name an empty one.\n"
        )
        site.database_url = third
        assert rows(site) == before
        keys = []
        for url in (source, other, third):
            site.database_url = url
            keys.append(site.python(NEW_KEY))
        assert keys == ["21\n"] * 3, "the key of the deleted article is not given again"


def test_a_row_that_the_other_database_refuses_is_named(site, tmp_path):
    if site.database_url.startswith("sqlite"):
        pytest.skip("SQLite accepts texts of any length")
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    site.run("copy_database", "--to", other)
    site.database_url = other
    site.python(TOO_LONG)
    (tmp_path / "back").mkdir()
    with new_database(tmp_path / "back") as third:
        result = site.manage("copy_database", "--to", third)
        assert result.returncode == 1
        assert "Nothing was copied: contacts.Contact with the key 2 is refused" in result.stderr
        assert "value too long" in result.stderr


def test_a_site_that_is_not_migrated_is_said_in_one_line(site, tmp_path):
    site.run("migrate", "sites", "zero")
    result = site.manage("copy_database", "--to", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert result.stderr.startswith("CommandError: Run `migrate` first: the site lacks ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["mysql://host/name", "postgres://nobody@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_said_in_one_line(site, url):
    result = site.manage("copy_database", "--to", url)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("CommandError: ")
