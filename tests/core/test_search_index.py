"""The index accepts any kind of object, and separates the kinds."""

from importlib import import_module

import pytest
from django.contrib.flatpages.models import FlatPage
from django.db import OperationalError, connection
from django.db.models.signals import post_delete
from django.test.utils import CaptureQueriesContext

from core.search import kinds
from core.search.index import (
    _remove_deleted,
    rebuild_index,
    register,
    remove_from_index,
    update_index,
)
from core.search.kinds import Kind, kind_of
from core.search.models import WORD_TABLE, IndexedLanguage, SearchEntry
from core.search.ranking import find
from core.search.schedule import rebuild_for_languages
from core.text.search_query import parse_query
from news.models import Article
from products.models import Specification
from tests.factories import make_article, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(monkeypatch):
    """A second kind of object, without a date and without translations."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kind = Kind(
        number=100, model=FlatPage, published=FlatPage.objects.all, title="title", html="content"
    )
    register(kind)
    yield kind
    post_delete.disconnect(_remove_deleted, sender=FlatPage)


def make_page(title: str, content: str = "") -> FlatPage:
    page = FlatPage.objects.create(title=title, content=content, url=f"/{title}/")
    update_index(FlatPage, [page.pk])
    return page


def found(words: str, *only: Kind) -> list[str]:
    results = find(parse_query(words), "en", only or None)
    return [result.kind.model._default_manager.get(pk=result.object_id).title for result in results]


def test_objects_of_two_kinds_are_found_together_and_separately(pages):
    make_article(title="Crusher of the day")
    make_page("Hire", "<p>A crusher for hire</p>")
    assert found("crusher") == ["Crusher of the day", "Hire"], "the title counts for more"
    assert found("crusher", pages) == ["Hire"]
    assert found("crusher", kind_of(Article)) == ["Crusher of the day"]


def test_what_a_page_does_not_show_is_neither_found_nor_shown(client):
    article = make_article(title="Crusher", body="<p>Granite</p>")
    uncleaned = "<p>Marble</p><script>script</script><style>styled</style><form>phishing</form>"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE news_article SET body_en = %s, body = %s", [uncleaned, uncleaned])
    update_index(Article, [article.pk])
    assert found("marble") == ["Crusher"]
    for hidden in ("script", "styled", "phishing"):
        assert found(hidden) == []
    page = client.get("/search/?q=marble").content.decode()
    assert "Marble</mark>" in page
    assert "phishing" not in page
    assert "styled" not in page


def test_objects_of_two_kinds_with_the_same_key_have_their_own_entries(pages):
    article = make_article(title="Granite")
    FlatPage.objects.create(pk=article.pk, title="Marble", url="/marble/")
    update_index(FlatPage, [article.pk])
    assert (found("granite"), found("marble")) == (["Granite"], ["Marble"])
    remove_from_index(FlatPage, [article.pk])
    assert (found("granite"), found("marble")) == (["Granite"], [])


def test_a_deleted_object_leaves_no_entry(pages):
    make_page("Hire").delete()
    make_page("Sale")
    FlatPage.objects.all().delete()
    assert not SearchEntry.objects.exists()


def test_rebuilding_adds_what_is_missing_and_removes_what_no_longer_exists(pages):
    page = make_page("Hire")
    FlatPage.objects.filter(pk=page.pk)._raw_delete("default")
    FlatPage.objects.bulk_create([FlatPage(title="Sale", url="/sale/")])
    assert rebuild_index(pages) == 1
    assert found("sale") == ["Sale"]
    assert SearchEntry.objects.count() == 1


def test_two_models_cannot_have_the_same_number(pages):
    with pytest.raises(ValueError, match="cannot be the number of FlatPage"):
        register(Kind(number=1, model=FlatPage, published=FlatPage.objects.all, title="title"))
    assert kind_of(FlatPage).number == 100


@pytest.fixture
def set_first_language(settings):
    """Puts a language before the others of LANGUAGES, and lets the worker do its work."""
    others = settings.MODELTRANSLATION_LANGUAGES

    def change(code: str) -> None:
        settings.LANGUAGE_CODE = code
        codes = tuple(dict.fromkeys((code, *others)))
        settings.MODELTRANSLATION_LANGUAGES = settings.MODELTRANSLATION_FALLBACK_LANGUAGES = codes
        rebuild_for_languages()

    return change


def test_after_a_change_of_the_first_language_the_worker_rebuilds_all(set_first_language):
    make_article(title_en="Crusher", title_zh_hans="破碎机")
    make_product().specifications.create(
        name_en="Power", name_zh_hans="功率", value_en="Low", value_zh_hans="低"
    )
    for code, words, key in (("zh-hans", "破碎机", "功率"), ("en", "crusher", "power")):
        set_first_language(code)
        results = find(parse_query(words), "ar", None)
        assert len(results) == 1, "what an Arabic page shows of an article without Arabic texts"
        assert Specification.objects.get().name_key == key


def test_nothing_is_rebuilt_while_the_first_language_stays(
    set_first_language, django_assert_num_queries
):
    assert IndexedLanguage.objects.get().code == "en", "stored when the table is created"
    set_first_language("en")  # as after an upgrade to another version of the index
    with django_assert_num_queries(1):
        set_first_language("en")
    set_first_language("ar")
    with django_assert_num_queries(1):
        set_first_language("ar")


def test_a_language_that_is_switched_on_is_found_by_its_own_words(settings):
    settings.MODELTRANSLATION_LANGUAGES = ("en",)
    make_article(title_en="Crusher", title_ar="كسارة")
    assert not find(parse_query("كسارة"), "ar", None)
    settings.MODELTRANSLATION_LANGUAGES = ("en", "ar")
    rebuild_for_languages()
    assert len(find(parse_query("كسارة"), "ar", None)) == 1


def test_an_index_of_an_earlier_version_is_rebuilt(set_first_language):
    make_article(title="Crusher")
    SearchEntry.objects.all().delete()
    set_first_language("en")
    assert found("crusher") == ["Crusher"]
    SearchEntry.objects.all().delete()
    set_first_language("en")
    assert found("crusher") == [], "it was rebuilt once"


def test_a_rebuild_that_was_interrupted_starts_again(set_first_language, monkeypatch):
    def fail(kind):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("core.search.index.rebuild_index", fail)
        with pytest.raises(OperationalError):
            set_first_language("ar")
    assert IndexedLanguage.objects.get().code == "en"
    set_first_language("ar")
    assert IndexedLanguage.objects.get().code == "ar"


on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no FTS5")


def search_sql(words: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        found(words)
    return next(query["sql"] for query in queries if "MATCH" in query["sql"])


@on_sqlite
def test_sqlite_looks_for_the_words_that_a_prefix_begins():
    """For a prefix, FTS5 would read every row of every such word before the first result."""
    make_article(title="Crusher"), make_article(title="Crushers"), make_article(title="Cr")
    assert found("crush") == found("cru*") == ["Crushers", "Crusher"]
    assert found('"crush"') == []
    assert '"crush" OR "crusher" OR "crushers"' in search_sql("crush")
    assert "*" not in search_sql("crush").partition("MATCH")[2]


@on_sqlite
def test_the_migration_adds_the_words_of_a_full_index():
    make_article(title="Crusher 破碎机")
    migration = import_module("core.search.migrations.0004_words_on_sqlite")
    editor = connection.schema_editor()
    migration.remove_words(None, editor)
    migration.add_words(None, editor)
    assert found("crush") == ["Crusher 破碎机"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM {WORD_TABLE}")  # noqa: S608
        words = {word for (word,) in cursor.fetchall()}
    assert "crusher" in words
    assert "破碎" not in words
