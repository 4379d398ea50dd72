"""Searching articles."""

import html
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from news.models import Article, Category, Tag
from tests.cases import read_cases
from tests.factories import make_article, make_company, make_user
from tests.news.test_authoring import ADD, filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def found(visitor):
    """Returns a function that searches and returns the titles found, the best first."""

    def search(words: str, prefix: str = "") -> list[str]:
        response = visitor.get(f"{prefix}/search/", {"q": words})
        assert response.status_code == 200
        titles = re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", response.content.decode())
        return [html.unescape(re.sub("</?mark>", "", title)) for title in titles]

    return search


def test_words_are_found_in_title_summary_text_and_tags(found):
    make_article(title="A granite quarry")
    make_article(title="Second", summary="Granite, every day.")
    make_article(title="Third", body="<p>It breaks <strong>gran</strong>ite.</p>")
    make_article(title="Fourth").tags.add(Tag.objects.create(name="Granite"))
    make_article(title="Fifth", body='<p title="granite">Marble</p>')
    assert set(found("GRANITE")) == {"A granite quarry", "Second", "Third", "Fourth"}


def test_the_title_counts_most_then_tags_then_summary_then_text_then_the_newest(found):
    now = timezone.now()
    places = [
        {"title": "Plain", "summary": "None", "body": "<p>Basalt</p>"},
        {"title": "Plainer", "summary": "None", "body": "<p>Basalt basalt basalt basalt</p>"},
        {"title": "Summed up", "summary": "Basalt"},
        {"title": "Tagged"},
        {"title": "Basalt"},
    ]
    for age, fields in enumerate(places):
        make_article(publish_time=now - timedelta(days=age + 1), **fields)
    Article.objects.get(title="Tagged").tags.add(Tag.objects.create(name="Basalt"))
    assert found("basalt") == ["Basalt", "Tagged", "Summed up", "Plain", "Plainer"]


def test_every_word_must_occur_in_some_field(found):
    make_article(title="Crushers", body="<p>Shipped to Lagos.</p>")
    make_article(title="Lagos")
    assert found("lagos crusher") == ["Crushers"]


def test_a_word_is_also_found_at_the_beginning_of_a_longer_one(found):
    make_article(title="Crushers and screens")
    assert found("crush") == ["Crushers and screens"]
    assert found("cr*") == ["Crushers and screens"]
    assert found("hers") == []


def test_a_phrase_is_found_literally_and_not_across_two_fields(found):
    make_article(title="The stone crusher works")
    make_article(title="A crusher of stone")
    make_article(title="Stone", summary="Crusher")
    assert found('"stone crusher"') == ["The stone crusher works"]
    assert found("“stone crusher” works") == ["The stone crusher works"]
    assert found('"stone crush"') == []
    assert len(found("stone crusher")) == 3


def test_a_word_or_phrase_after_a_minus_is_excluded_in_every_field(found):
    make_article(title="Crusher one", body="<p>With a jaw.</p>")
    make_article(title="Crusher two", body="<p>With a cone.</p>")
    make_article(title="Crusher three, the jaw-dropping")
    assert found("crusher -jaw") == ["Crusher two"]
    assert found('crusher -"a cone"') == ["Crusher three, the jaw-dropping", "Crusher one"]
    assert found("cone-crusher -jaw") == ["Crusher two"], "a hyphen within a word excludes nothing"
    assert found("-jaw") == []


def test_two_chinese_characters_within_a_sentence_are_found(found):
    make_article(
        title="Mill", title_zh_hans="新闻", body_zh_hans="<p>我们的颚式破碎机运往拉各斯。</p>"
    )
    make_article(title="Other", title_zh_hans="碎石，破坏")
    for words in ("破碎", "碎机", "颚式破碎机", "拉各斯", "机", "斯", '"破碎机运往"', "破碎 拉各"):
        assert found(words, "/zh-hans") == ["新闻"], words
    assert found("碎破", "/zh-hans") == []
    assert set(found("破", "/zh-hans")) == {"新闻", "碎石，破坏"}
    assert found("破 -颚式", "/zh-hans") == ["碎石，破坏"]


def test_adjacent_scripts_are_found_separately_and_together(found):
    make_article(title="新型PE750破碎机5台")
    for words in ("pe750", "破碎机", "PE750破碎", "5台", '"破碎机5台"', '"型PE750破"'):
        assert found(words) == ["新型PE750破碎机5台"], words


def test_accents_and_the_arabic_article_are_ignored(found):
    make_article(title="Broyeur à mâchoires", title_ar="كسّارة فكية")
    assert found("machoires") == found("MÂCHOIRES") == ["Broyeur à mâchoires"]
    assert found("الكسارة", "/ar") == found("كسارة", "/ar") == ["كسّارة فكية"]


@pytest.mark.parametrize(
    "case", read_cases("text/search_spellings.json"), ids=lambda case: case["query"]
)
def test_an_article_is_found_by_every_spelling(found, case):
    make_article(title=case["text"])
    make_article(title="Other", body="<p>Nothing</p>")
    assert found(case["query"]) == ([case["text"]] if "<mark>" in case["shown"] else [])


def test_each_language_searches_the_texts_of_its_pages(found):
    make_article(title="Crusher", title_ar="كسارة", body="<p>English alone</p>")
    assert found("crusher") == ["Crusher"]
    assert found("كسارة", "/ar") == ["كسارة"]
    assert found("crusher", "/ar") == [], "the Arabic page does not contain it"
    assert found("كسارة") == []
    assert found("crusher", "/zh-hans") == ["Crusher"], "English replaces a missing translation"
    assert found("alone", "/ar") == ["كسارة"], "also for the text"


@pytest.mark.parametrize(
    "fields",
    [{"status": "draft"}, {"publish_time": timezone.now() + timedelta(hours=1)}],
    ids=["a draft", "a scheduled article"],
)
def test_unpublished_articles_are_not_found(found, fields):
    make_article(title="Secret crusher", **fields)
    assert found("secret") == found("crusher") == []


def test_an_article_is_found_only_while_it_is_published(found):
    article = make_article(title="Soon", publish_time=timezone.now() + timedelta(hours=1))
    assert found("soon") == []
    Article.objects.filter(pk=article.pk).update(publish_time=timezone.now())
    assert found("soon") == ["Soon"]
    Article.objects.filter(pk=article.pk).update(status="draft")
    assert found("soon") == []


def test_drafts_do_not_displace_published_articles(found, monkeypatch):
    for module in ("postgres", "sqlite"):
        monkeypatch.setattr(f"core.search.{module}.MAX_CANDIDATES", 2)
    make_article(title="Crusher")
    for _ in range(5):
        make_article(title="Crusher, draft", status="draft")
    assert found("crusher") == ["Crusher"]


UNUSUAL_QUERIES = [
    '"', '""', '"""', '"crusher', '-"', "-", "--", "*", "-*", "'", "';--", "( ) & | ! <->", "…!?",
    "crusher AND", "NOT crusher", "NEAR(a b, 3)", "title:crusher", "{title}: x", "^crusher", "a:*",
    "crusher:A", "\\", "%", "_", "\0", "crusher\0", "\x01\x02\t\n", "\ud7ff\ufffe", "½ ① ﷺ ㍿",
    "x" * 5000, '"' * 5000, "- " * 2500, "破" * 5000, "crusher' OR 1=1 --",
    "<script>alert(1)</script>", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("words", UNUSUAL_QUERIES, ids=lambda words: ascii(words[:20]))
def test_an_unusual_query_causes_no_error(visitor, words):
    make_article(title="An article of the day")
    response = visitor.get("/search/", {"q": words})
    assert response.status_code == 200
    assert "An article of the day" not in response.content.decode()
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("query", ["q=%00%ff%fe", "q=%ED%A0%80", "q=a&q=b", "q[]=x", "q"])
def test_a_malformed_query_string_causes_no_error(visitor, query):
    assert visitor.get(f"/search/?{query}").status_code == 200


def test_words_are_highlighted_in_an_excerpt_of_plain_text(visitor):
    filler = "<p>Nothing of interest here.</p>" * 40
    sentence = "<h2>Tests</h2><p>A <em>crush</em>er takes 5 &lt; 6 t &amp; more.</p>"
    make_article(title="Stone & <i>crusher</i>", body=filler + sentence + filler)
    page = visitor.get("/search/?q=crusher").content.decode()
    assert "Stone &amp; &lt;i&gt;<mark>crusher</mark>&lt;/i&gt;" in page
    assert "<p>Tests A <mark>crusher</mark> takes 5 &lt; 6 t &amp; more. Nothing" in page
    excerpt = re.search(r"<p>(Tests A .*?)</p>", page)[1]
    assert excerpt.endswith("of interest here."), "it is cut at sentences"
    assert len(excerpt) < 320


def test_the_index_is_updated_when_an_article_is_saved(found):
    article = make_article(title="First", summary="Stone", body="<p>granite</p>")
    article.body = "<p>marble</p>"
    article.save()
    assert found("granite") == []
    assert found("marble") == ["First"]


def test_the_index_is_updated_when_tags_change(found):
    article, tag = make_article(title="First"), Tag.objects.create(name="Granite")
    article.tags.add(tag)
    assert found("granite") == ["First"]
    tag.name = "Marble"
    tag.save()
    assert found("granite") == []
    assert found("marble") == ["First"]
    tag.articles.clear()
    assert found("marble") == []
    tag.articles.set([article])
    assert found("marble") == ["First"]
    Tag.objects.all().delete()
    assert found("marble") == []


def test_the_index_is_updated_by_changes_in_the_admin(found, as_user):
    editor = as_user(make_user("Editors"))
    tag = Tag.objects.create(name="Granite")
    response = editor.post(ADD, filled_form(tags=[tag.pk]))
    assert response.status_code == 302
    assert found("granite crushes") == ["A new crusher"]
    action = {
        "action": "delete_selected",
        "_selected_action": Article.objects.get().pk,
        "post": "yes",
    }
    editor.post("/admin/news/article/", action)
    assert not Article.objects.exists()
    assert found("granite") == []


def test_deleted_articles_leave_nothing_in_the_index(found):
    make_article(title="Gone soon")
    Article.objects.all().delete()
    table = "search_searchentry" if connection.vendor == "postgresql" else "search_words"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert cursor.fetchone() == (0,)
    make_article(title="New")
    assert found("gone") == []


def test_rebuilding_adds_articles_created_in_bulk_and_can_be_repeated(found):
    Article.objects.bulk_create(
        Article(title=f"Bulk {number}", slug=f"bulk-{number}", status="published")
        for number in range(5)
    )
    assert found("bulk") == []
    call_command("rebuild_search", verbosity=0)
    call_command("rebuild_search", verbosity=0)
    assert len(found("bulk")) == 5


def test_results_are_paginated(visitor):
    for number in range(12):
        make_article(title=f"Crusher {number}")
    words = 'crusher "crusher"'
    first = visitor.get("/search/", {"q": words}).content.decode()
    assert "12 results" in first
    link = html.unescape(re.search(r'<a [^>]*rel="next"[^>]*href="([^"]*)"', first)[1])
    assert link == f"?q={quote(words, safe='')}&page=2"
    second = visitor.get(f"/search/{link}").content.decode()
    assert "<mark>Crusher</mark> 0<" in second
    assert 'rel="prev"' in second
    assert "<h2><a" in second
    for page in ("3", "0", "-1", "nonsense", "9" * 50):
        assert visitor.get(f"/search/?q=crusher&page={page}").status_code == 404


def test_the_number_of_results_is_limited(visitor, monkeypatch):
    for module in ("ranking", "views"):
        monkeypatch.setattr(f"core.search.{module}.MAX_RESULTS", 12)
    for number in range(15):
        make_article(title=f"Crusher {number}")
    page = visitor.get("/search/?q=crusher").content.decode()
    assert "showing the best matches" in page
    assert visitor.get("/search/?q=crusher&page=3").status_code == 404


def test_a_search_needs_the_same_queries_for_one_article_as_for_a_page_full(
    visitor, django_assert_num_queries
):
    make_company()
    make_article(title="Crusher", category=Category.objects.create(name="One"))
    visitor.get("/search/?q=crusher")  # the company and the menus are kept from then on
    with CaptureQueriesContext(connection) as one:
        visitor.get("/search/?q=crusher")
    for number in range(15):
        make_article(title="Crusher", category=Category.objects.create(name=f"Category {number}"))
    with django_assert_num_queries(len(one)):
        visitor.get("/search/?q=crusher")
    assert len(one) <= 16, "a few for each kind of object"


def test_the_page_is_not_indexed_and_depends_only_on_its_url(visitor):
    make_article(title="Crusher")
    response = visitor.get("/search/?q=crusher")
    page = response.content.decode()
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'rel="canonical"' not in page
    assert "<title>crusher – Search" in page
    assert not response.cookies
    assert "Vary" not in response.headers


def test_without_a_query_the_page_explains_the_search(visitor):
    page = visitor.get("/search/").content.decode()
    assert '"stone crusher"' in html.unescape(page)
    assert "No results found" not in page
    assert visitor.get("/search/?q=%20%20").status_code == 200


def test_a_search_without_results_links_to_the_news(visitor):
    page = visitor.get("/search/?q=missing").content.decode()
    assert "No results found" in page
    assert 'value="missing"' in page
    assert '<a class="button quiet" href="/news/">' in page


@pytest.mark.parametrize("path", ["/", "/ar/news/", "/no-such-page/", "/zh-hans/contacts/"])
def test_every_page_has_a_form_that_searches_in_its_language(visitor, path):
    prefix = re.match("/(ar|zh-hans)/", path)
    page = visitor.get(path).content.decode()
    action = f"{prefix[0] if prefix else '/'}search/"
    assert f'action="{action}"' in page
    assert page.count('role="search"') == (2 if path == "/no-such-page/" else 1)


@pytest.fixture
def _three_candidates(monkeypatch):
    for module in ("postgres", "sqlite"):
        monkeypatch.setattr(f"core.search.{module}.MAX_CANDIDATES", 3)


def make_granite_articles() -> None:
    now = timezone.now()
    for number in range(9):
        title = f"Granite {number}" if number in {1, 2, 5, 7} else f"Number {number}"
        publish_time = now - timedelta(hours=10 - number)
        make_article(title=title, body="<p>Granite, not marble</p>", publish_time=publish_time)


@pytest.mark.usefixtures("_three_candidates")
@pytest.mark.parametrize("words", ["granite", "gran*", "granite -basalt"])
def test_of_many_articles_older_ones_with_the_word_in_the_title_are_found_as_well(found, words):
    make_granite_articles()
    titles = ["Granite 7", "Granite 5", "Granite 2", "Granite 1", "Number 8", "Number 6"]
    assert found(words) == titles


on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite reads its index in order"
)


@pytest.mark.usefixtures("_three_candidates")
def test_a_common_word_is_not_looked_for_in_all_titles(found, monkeypatch):
    monkeypatch.setattr("core.search.postgres.BLOCK_SIZES", (1,))
    monkeypatch.setattr("core.search.models.MAX_RANGES", 1)
    make_granite_articles()
    assert "Granite 5" in found("granite")
    assert "Granite 1" not in found("granite")


@on_postgresql
def test_a_phrase_is_looked_for_in_the_newest_articles_with_its_words(found, monkeypatch):
    monkeypatch.setattr("core.search.postgres.MAX_PHRASE_CHECKS", 3)
    for number in range(4):
        make_article(title=f"{number}", body="<p>Stone crusher</p>")
        make_article(title="Other", body="<p>Crusher, stone</p>")
    assert found('"stone crusher"') == ["3"]
    make_article(title="An old stone crusher")
    for _number in range(4):
        make_article(body="<p>Crusher, stone</p>")
    assert found('"stone crusher"') == ["An old stone crusher"], "in titles there are fewer"


@on_postgresql
def test_a_search_reads_one_index_for_all_its_conditions_one_step_after_the_other(
    found, monkeypatch
):
    monkeypatch.setattr("core.search.postgres.BLOCK_SIZES", (1, 2))
    monkeypatch.setattr("core.search.postgres.MAX_CANDIDATES", 2)
    make_granite_articles()
    with CaptureQueriesContext(connection) as queries:
        found("granite -basalt")
    searches = [query["sql"] for query in queries if ") AS entry" in query["sql"]]
    anywhere, in_head = (sql for sql in searches if "news_article" in sql)
    for sql, columns in ((anywhere, ["words"]), (in_head, ["head", "words"])):
        plan = explain_parallel(sql)
        conditions = [line for line in plan if "Index Cond:" in line and "@@" in line]
        assert len(conditions) > 1, "a step after the other"
        assert all(f"({column} @@" in line for line in conditions for column in columns)
        assert not any("Filter:" in line and "@@" in line for line in plan)
        assert any("search_searchentry_texts" in line for line in plan)
        assert not any("Gather" in line for line in plan), "not at once"


def explain_parallel(sql: str) -> list[str]:
    """The plan if reading a table costs much, and starting processes nothing."""
    with connection.cursor() as cursor:
        for name in ("setup_cost", "tuple_cost"):
            cursor.execute(f"SET LOCAL parallel_{name} = 0")
        cursor.execute("SET LOCAL min_parallel_table_scan_size = 0")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return [line for (line,) in cursor.fetchall()]


@on_postgresql
def test_a_word_in_more_articles_than_are_ranked_is_found_in_the_newest(found, monkeypatch):
    monkeypatch.setattr("core.search.postgres.BLOCK_SIZES", (1, 2, 3))
    monkeypatch.setattr("core.search.postgres.MAX_CANDIDATES", 4)
    now = timezone.now()
    for number in range(40):
        title = "Granite" if number == 1 else f"Crusher {number:02}"
        make_article(title=title, publish_time=now - timedelta(hours=40 - number))
    assert found("crusher") == [f"Crusher {number}" for number in range(39, 31, -1)]
    assert found("granite") == ["Granite"], "the last block includes the oldest"
