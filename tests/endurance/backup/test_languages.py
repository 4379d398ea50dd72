"""Languages are switched on and off by the setting alone, and no text is lost."""

import pytest

from tests.endurance.backup.site import new_database

WRITE = """
from news.models import Article
from tests.factories import make_article
article = Article.objects.filter(slug="languages").first() or make_article(slug="languages")
article.title_{} = "{}"
article.save()
"""
EDIT = """
from news.models import Article
article = Article.objects.get(slug="languages")
article.title_en = "Changed"
article.save()
"""
READ = """
from news.models import Article
article = Article.objects.get(slug="languages")
for row in (article, article.versions.first()):
    print(row.title_fr, row.title_zh_hans, row.title_ko)
"""
PAGE = """
from django.test import Client
page = Client().get("/fr/news/languages/", headers={"host": "127.0.0.1"})
print(page.status_code, "Concasseur" in page.content.decode())
"""
COLUMN = "from news.models import Article; print(Article.objects.filter(title_fr=None).count())"
EXPECTED = "Concasseur 破碎机 분쇄기\n" * 2


@pytest.fixture
def translated_site(site):
    """Each text was written while its language and English were the only ones."""
    texts = {"fr": "Concasseur", "zh-hans": "破碎机", "ko": "분쇄기"}
    for code, text in texts.items():
        site.variables["LANGUAGES"] = f"en,{code}"
        site.python(WRITE.format(code.replace("-", "_"), text))
    site.variables["LANGUAGES"] = "en"
    return site


def read(site) -> str:
    site.variables["LANGUAGES"] = "zh-hans,fr,ko"
    texts = site.python(READ)
    site.variables["LANGUAGES"] = "en"
    return texts


def test_texts_in_languages_that_are_off_survive_edits_and_copies(translated_site, tmp_path):
    site = translated_site
    site.python(EDIT)
    assert read(site) == EXPECTED
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    site.run("copy_database", "--to", other)
    site.database_url = other
    (tmp_path / "back").mkdir()
    with new_database(tmp_path / "back") as third:
        site.run("copy_database", "--to", third)
        site.database_url = third
        assert read(site) == EXPECTED
        site.variables["LANGUAGES"] = "en,fr"
        assert site.python(PAGE) == "200 True\n"


def test_a_backup_has_them(translated_site):
    site = translated_site
    site.run("backup")
    site.python("from news.models import Article; Article.objects.all().delete()")
    site.run("restore", "--overwrite")
    assert read(site) == EXPECTED


def test_the_columns_can_be_removed_and_added_again(site):
    """SQLite rebuilds the table, with the columns that are left and all rows."""
    site.variables["LANGUAGES"] = "en,fr"
    site.run("migrate", "news", "0015")
    assert site.start(COLUMN).wait() == 1
    site.run("migrate")
    assert site.python(COLUMN) == "20\n"
