"""The database has the texts of every language, whichever the site uses."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState

from core.language_columns import AddLanguages, translated_names, unused_columns
from core.pages.models import Page
from core.pages.services import save_page
from news.models import Article
from news.schedule import index_languages
from news.services.restoring import deleted_versions, recover_article, restore_version
from products import schedule as products_schedule
from tests.factories import make_article, make_user
from tests.news.test_authoring import ADD, filled_form
from tests.news.test_versions import edit_article

pytestmark = pytest.mark.django_db

FRENCH = {"title_fr": "Concasseur", "body_fr": "<p>Un texte</p>", "cover_alt_fr": "Une image"}


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def write_french(article) -> None:
    """Store what was written while French was switched on."""
    columns = ", ".join(f"{name} = %s" for name in FRENCH)
    sql = f"UPDATE news_article SET {columns} WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*FRENCH.values(), article.pk])


def read_french(row) -> dict[str, str]:
    table, key = row._meta.db_table, row._meta.pk.column
    sql = f"SELECT {', '.join(FRENCH)} FROM {table} WHERE {key} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])
        return dict(zip(FRENCH, cursor.fetchone(), strict=True))


def test_every_translated_text_has_a_column_for_every_language():
    found = 0
    for model in apps.get_models():
        with connection.cursor() as cursor:
            table = connection.introspection.get_table_description(cursor, model._meta.db_table)
        columns = {column.name: column for column in table}
        for name in unused_columns(model):
            assert columns[name].null_ok
            assert columns[name].default in (None, "''", "''::text", "''::character varying")
            found += 1
    assert found == 39 * 11
    assert translated_names(Article) == ["title", "summary", "body", "excerpt", "cover_alt"]


def test_an_edit_leaves_the_texts_of_languages_that_are_switched_off(editor):
    article = make_article()
    write_french(article)
    edit_article(editor, article, title_en="Second")
    assert read_french(article) == FRENCH
    assert read_french(article.versions.first()) == FRENCH, "also in what can be restored"


def test_restoring_a_version_leaves_them_too(editor):
    editor.post(ADD, filled_form())
    article = Article.objects.get()
    write_french(article)
    edit_article(editor, article, title_en="Second")
    assert restore_version(article, article.versions.last(), by=make_user(is_superuser=True))
    assert Article.objects.get().title_en == "A new crusher"
    assert read_french(article) == read_french(article.versions.first()) == FRENCH


@pytest.mark.parametrize("save", [lambda article: article.save(), None])
def test_a_deleted_article_is_recovered_with_them(editor, save):
    article = make_article()
    write_french(article)
    if save:  # a version by a plain save, as an import from another program makes it
        save(article)
    else:
        edit_article(editor, article, title_en="Second")
    article.delete()
    recovered = recover_article(deleted_versions().get(), by=make_user(is_superuser=True))
    assert read_french(recovered) == read_french(recovered.versions.first()) == FRENCH


def test_a_version_of_a_page_has_them():
    page = Page.objects.create(path="about", slug="about", title="About")
    sql = "UPDATE pages_page SET title_fr = 'Nous' WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [page.pk])
    save_page(page, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT title_fr FROM pages_pageversion ORDER BY history_id")
        assert cursor.fetchall() == [(None,), ("Nous",)]


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        return {
            name
            for table in ("news_article", "products_product")
            for name in connection.introspection.get_constraints(cursor, table)
            if name.startswith(("article_by_title", "article_search_parts", "product_by_name"))
        }


def test_the_worker_indexes_the_languages_of_the_site_and_no_others(settings):
    def run() -> set[str]:
        index_languages()
        products_schedule.index_languages()
        return index_names()

    before = run()
    settings.MODELTRANSLATION_LANGUAGES = ("zh-hant", "fr")
    added = run() - before
    expected = {"article_by_title_fr", "product_by_name_fr"}
    expected |= {"article_by_title_zh_hant", "product_by_name_zh_hant"}
    if connection.vendor == "postgresql":
        expected |= {"article_search_parts_fr", "article_search_parts_zh_hant"}
    assert added == expected
    assert run() == before | added
    settings.MODELTRANSLATION_LANGUAGES = ("en", "fr")
    assert {name for name in run() if name.endswith("zh_hant")} == set()
    settings.MODELTRANSLATION_LANGUAGES = ("en", "zh-hans", "ar")
    assert run() == before


def test_a_new_translated_text_gets_a_column_for_every_language(monkeypatch, capsys):
    """As a developer adds one, on a site with any languages."""
    state = ProjectState.from_apps(apps)
    del state.models["news", "tag"].fields["name_ar"]
    monkeypatch.setattr(
        "django.db.migrations.loader.MigrationLoader.project_state", lambda self, **kwargs: state
    )
    with pytest.raises(SystemExit):
        call_command("makemigrations", "news", "--check", "--dry-run", verbosity=3)
    written = capsys.readouterr().out
    for code in settings.LANGUAGES_WITH_CONTENT:
        if code not in settings.MODELTRANSLATION_LANGUAGES or code == "ar":
            assert f"name='name_{code.replace('-', '_')}'" in written
    assert "name='name_en'" not in written


def test_an_operation_adds_texts_like_those_in_english():
    state = ProjectState()
    texts = [("id", models.BigAutoField(primary_key=True))]
    texts += [("unit_en", models.CharField(max_length=30, default="set", null=True))]
    state.add_model(ModelState("products", "Part", texts))
    operation = AddLanguages({"part": ["unit"]}, ["fr", "zh-hant"])
    operation.state_forwards("products", state)
    assert list(state.models["products", "part"].fields) == [
        "id", "unit_en", "unit_fr", "unit_zh_hant",
    ]  # fmt: skip
    assert state.models["products", "part"].fields["unit_fr"].max_length == 30
