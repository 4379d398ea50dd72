"""The staff finds articles by their text in any language, published or not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.models import Tag
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/news/article/"


@pytest.fixture
def editor(as_user):
    return as_user(make_user("Editors"))


def listed(client, searched: str) -> list[str]:
    page = client.get(LIST, {"q": searched})
    assert page.status_code == 200
    return [article.title for article in page.context["cl"].result_list]


@pytest.mark.parametrize(
    "searched",
    ["gyratory", "GYRATORY plant", '"gyratory crusher"', "gyrat*", "plant -cone", "PE٧٥٠", "pe750",
     "ﾎﾟﾝﾌﾟ", '"颚式 破碎机"', "كسارة", "basalt", "nnual", "annual-rep", "Ann Autho", "mueller"],
)  # fmt: skip
def test_a_draft_is_found_by_every_text_in_every_language(editor, searched):
    article = make_article(
        title="Annual report", status="draft", author="Ann Author",
        body="<p>A gyratory <b>crush</b>er, PE750, a plant of Müller</p><script>secret</script>",
        body_zh_hans="<p>颚式破碎机 ポンプ</p>", summary_ar="كسّارةٌ",
    )  # fmt: skip
    article.tags.add(Tag.objects.create(name="Basalt"))
    make_article(title="Other", body="<p>A plant with a cone</p>")
    assert listed(editor, searched) == ["Annual report"]


@pytest.mark.parametrize("searched", ["secret", "gyrator", "cone plum", "-plant"])
def test_an_article_is_not_found_by_other_words(editor, searched):
    make_article(title="Report", body="<p>A cone gyra plant</p><script>secret</script>")
    assert listed(editor, searched) == []


def test_a_search_can_be_combined_with_a_filter(editor):
    make_article(title="Draft", body="<p>A crusher</p>", status="draft")
    make_article(title="Online", body="<p>A crusher</p>")
    page = editor.get(LIST, {"q": "crusher", "state": "draft"})
    assert [article.title for article in page.context["cl"].result_list] == ["Draft"]
    assert sorted(listed(editor, "crusher")) == ["Draft", "Online"]


def test_a_search_needs_the_same_queries_for_many_articles(editor, django_assert_num_queries):
    make_article(title="One", body="<p>A crusher</p>")
    editor.get(LIST, {"q": "crusher"})  # fills the caches
    with CaptureQueriesContext(connection) as one:
        editor.get(LIST, {"q": "crusher"})
    for number in range(8):
        make_article(title=f"Next {number}", body="<p>A crusher</p>")
    with django_assert_num_queries(len(one)):
        editor.get(LIST, {"q": "crusher"})


@pytest.mark.skipif(connection.vendor != "postgresql", reason="test_trigram_tables.py has SQLite's")
def test_parts_of_words_are_found_with_an_index_on_postgresql(editor):
    make_article(title="Annual report")
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        editor.get(LIST, {"q": "nnual"})
        searches = [query["sql"] for query in queries if "LIKE" in query["sql"]]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN {searches[0]}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "article_search_parts" in plan
