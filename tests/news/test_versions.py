"""Versions of an article: written by each save, compared, restored; and deleted articles."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.pagination import KeysetPaginator
from core.richtext.comparison import difference, html_to_text
from news.models import Article, Category, PendingChanges, Tag
from news.services.restoring import deleted_versions
from news.version_comparison import compare_contents
from tests.factories import make_article, make_user, picture_file
from tests.news.steps import ADD_URL, admin_url, edit_article, form_data

pytestmark = pytest.mark.django_db


def create_article(client, **fields) -> Article:
    sent = form_data(client.get(ADD_URL)) | {"title_en": "First", **fields}
    response = client.post(ADD_URL, sent)
    assert response.status_code == 302, response.context["errors"]
    return Article.objects.latest("pk")


def comparison_page(client, article, older, newer, view="") -> str:
    query = f"?from={older}&to={newer}&view={view}"
    return client.get(admin_url(article, "history/compare") + query).content.decode()


def version_ids(article) -> list[int]:
    return [version.pk for version in article.versions]


def test_each_save_is_one_version_with_every_language_and_the_user(editor):
    tag = Tag.objects.create(name="Mining")
    article = create_article(editor, title_zh_hans="第一", body_ar="<p>نص</p>", tags=[tag.pk])
    edit_article(editor, article, title_ar="ثان")
    second, first = article.versions
    assert (first.history_type, second.history_type) == ("+", "~")
    assert (first.title_zh_hans, first.body_ar, first.tag_ids) == ("第一", "<p>نص</p>", [tag.pk])
    assert (first.title_ar or "", second.title_ar) == ("", "ثان")
    assert {first.history_user.username, second.history_user.username} == {"ed"}
    assert first.history_date <= second.history_date


def test_the_list_of_versions_shows_user_time_and_changes(editor):
    article = create_article(editor)
    edit_article(editor, article, title_en="Second", title_ar="ثان", status="published")
    page = editor.get(admin_url(article, "history"))
    text = page.content.decode()
    assert "ed</bdi>" in text
    assert "Title [en], Title [ar]" in text
    assert "Published" in text
    assert "Times are in the site&#x27;s time zone, UTC" in text.replace("'", "&#x27;")
    assert "<script>" not in text


def test_saving_without_changes_writes_no_version(editor):
    article = create_article(editor)
    before = article.updated_at
    assert edit_article(editor, article).status_code == 302
    article.refresh_from_db()
    assert article.versions.count() == 1
    assert article.updated_at == before


def test_white_space_added_by_the_editor_is_not_a_change(editor):
    article = create_article(editor, body_en="<p>One</p><ul><li>Two <em>words</em></li></ul>")
    reformatted = "<p>One</p>\n\n<ul>\n\t<li>Two <em>words</em></li>\n</ul>\n"
    edit_article(editor, article, body_en=reformatted)
    assert article.versions.count() == 1
    edit_article(editor, article, body_en=reformatted, summary_en="New")
    newest, oldest = article.versions
    assert [change.label for change in compare_contents(oldest.content, newest.content)] == [
        "Summary [en]"
    ]
    edit_article(editor, article, body_en=reformatted.replace("Two <em>", "Two<em>"))
    assert article.versions.count() == 3


def test_views_write_no_version_and_survive_a_restore(editor, visitor):
    article = create_article(editor, status="published")
    edit_article(editor, article, title_en="Second")
    for _ in range(3):
        visitor.get(article.get_absolute_url())
    assert article.versions.count() == 2
    editor.post(admin_url(article, f"history/{version_ids(article)[-1]}/restore"))
    article.refresh_from_db()
    assert article.title_en == "First"
    visitor.get(article.get_absolute_url())
    article.refresh_from_db()
    assert article.views == 4


def test_untracked_changes_become_a_version_at_the_next_save(editor):
    Article.objects.bulk_create([Article(title="Imported", slug="imported", status="published")])
    article = Article.objects.get()
    assert not article.versions.exists()
    edit_article(editor, article, title_en="Edited")
    newest, oldest = article.versions
    assert (oldest.title_en, oldest.history_user) == ("Imported", None)
    assert newest.title_en == "Edited"
    Article.objects.update(title_en="In bulk")
    edit_article(editor, article, title_en="Edited again")
    assert [each.title_en for each in article.versions][:2] == ["Edited again", "In bulk"]


def test_a_version_has_a_label_for_the_action(editor, writer):
    article = create_article(editor, status="submitted")
    edit_article(editor, article, status="published")
    edit_article(writer, article, title_en="By the writer")
    edit_article(editor, article)
    edit_article(editor, article, status="draft")
    edit_article(editor, article, title_en="Second")
    labels = [version.action_label for version in article.versions]
    assert labels == [
        "Changed", "Unpublished", "Unpublished changes published", "Published",
        "Submitted for approval",
    ]  # fmt: skip


# Comparing


def test_versions_are_compared_in_one_text_and_side_by_side(editor):
    article = create_article(editor, body_en="<p>It weighs two tonnes.</p>")
    edit_article(editor, article, body_en="<p>It weighs three tonnes.</p>", title_ar="ثان")
    second, first = version_ids(article)
    marked = comparison_page(editor, article, first, second)
    assert "It weighs <del>two</del><ins>three</ins> tonnes." in marked
    assert "Text [en]" in marked
    assert "<ins>ثان</ins>" in marked
    assert "Summary" not in marked, "unchanged fields are left out"
    side = comparison_page(editor, article, first, second, "side")
    assert "It weighs <del>two</del> tonnes." in side
    assert "It weighs <ins>three</ins> tonnes." in side
    swapped = comparison_page(editor, article, second, first)
    assert "It weighs <del>two</del><ins>three</ins> tonnes." in swapped, "the older one is first"


def test_markup_in_a_comparison_is_escaped(editor):
    article = make_article(title="<script>alert(1)</script>", body="<p>a</p>")
    table = Article.history.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET body_en = %s",  # noqa: S608
            ["<p onclick=x()>a</p><script>bad()</script><img src=//evil/x.png>"],
        )
    edit_article(editor, article, title_en="<b>bold</b>")
    newest, *_others, oldest = version_ids(article)
    page = comparison_page(editor, article, oldest, newest)
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "bad()" not in page
    assert "onclick" not in page
    assert "evil" not in page
    assert "&lt;<del>script" in page or "&lt;script" in page


def test_values_are_compared_as_readable_text(editor):
    one, other = (Category.objects.create(name=name) for name in ("Works", "Fairs"))
    tag = Tag.objects.create(name="Mining")
    article = create_article(editor, category=one.pk)
    edit_article(
        editor, article, category=other.pk, tags=[tag.pk], featured="on", cover=picture_file()
    )
    second, first = version_ids(article)
    page = comparison_page(editor, article, first, second)
    assert "<del>Works</del><ins>Fairs</ins>" in page
    assert "<ins>Mining</ins>" in page
    assert "<del>No</del><ins>Yes</ins>" in page
    assert f'<img src="{Article.objects.get().cover.url}"' in page
    one.delete()
    tag.delete()
    assert "deleted" in comparison_page(editor, article, first, second)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("same", "same", [("same", "same")]),
        ("", "new", [("", "new")]),
        ("矿山机械", "矿石机械", [("矿", "矿"), ("山", "石"), ("机械", "机械")]),
        ("a\nb\n", "a\nc\n", [("a\n", "a\n"), ("b", "c"), ("\n", "\n")]),
    ],
)
def test_texts_are_compared_word_by_word_in_any_script(before, after, pieces):
    assert difference(before, after) == pieces


def test_very_long_texts_are_not_compared_word_by_word():
    before, after = "word " * 50_000, "other " * 50_000
    assert difference(before, after) == [(before, after)]


def test_rich_text_is_compared_as_plain_text_lines():
    html = (
        '<h2>Head</h2><p>A <strong>bold</strong> <a href="/x/">link</a></p>'
        '<ul><li>One</li></ul><p><img src="/media/a.png" alt="A mill"></p>'
    )
    lines = ["## Head", "A **bold** link </x/>", "• One", "[image: A mill /media/a.png]"]
    assert html_to_text(html).splitlines() == lines


def test_a_change_of_markup_is_shown():
    before, after = (make_article(body=body).content for body in ("<p>a</p>", "<h2>a</h2>"))
    change = next(each for each in compare_contents(before, after) if each.label == "Text [en]")
    assert "<ins>" in change.marked


@pytest.mark.parametrize("query", ["", "?from=x&to=y", "?from=999999&to=1", "?from=1&to=waiting"])
def test_unknown_versions_are_not_found(editor, query):
    article = make_article()
    assert editor.get(admin_url(article, "history/compare") + query).status_code == 404


def test_versions_of_another_article_are_not_found(editor):
    article, other = make_article(title="This one"), make_article(title="Other")
    other_version = version_ids(other)[0]
    query = f"?from={other_version}&to={version_ids(article)[0]}"
    assert editor.get(admin_url(article, "history/compare") + query).status_code == 404
    assert editor.post(admin_url(article, f"history/{other_version}/restore")).status_code == 404
    article.refresh_from_db()
    assert article.title_en == "This one"


# Restoring


def test_restoring_brings_back_texts_in_all_languages_tags_and_cover(editor):
    tag = Tag.objects.create(name="Mining")
    article = create_article(
        editor, title_ar="أول", body_en="<p>Old</p>", tags=[tag.pk], cover=picture_file()
    )
    cover = Article.objects.get().cover.name
    edit_article(
        editor, article, title_ar="ثان", body_en="<p>New</p>", tags=[], **{"cover-clear": "on"}
    )
    assert not Article.objects.get().cover
    response = editor.post(
        admin_url(article, f"history/{version_ids(article)[-1]}/restore"), follow=True
    )
    assert "restored" in response.content.decode()
    article.refresh_from_db()
    assert (article.title_ar, article.body_en, article.cover.name) == ("أول", "<p>Old</p>", cover)
    assert (article.cover_width, article.cover_height) == (640, 360)
    assert list(article.tags.all()) == [tag]
    newest, *_others = article.versions
    assert newest.action_label == "Earlier version restored"
    assert article.versions.count() == 3


def test_restoring_keeps_slug_times_and_status(editor):
    article = create_article(editor)
    edit_article(editor, article, slug="moved", status="published", publish_time_0="2026-01-02")
    editor.post(admin_url(article, f"history/{version_ids(article)[-1]}/restore"))
    article.refresh_from_db()
    assert (article.slug, article.status) == ("moved", "published")
    assert str(article.publish_time.date()) == "2026-01-02"


def test_restoring_skips_deleted_categories_tags_and_files(editor):
    category, tag = Category.objects.create(name="Gone"), Tag.objects.create(name="Gone")
    article = create_article(editor, category=category.pk, tags=[tag.pk], cover=picture_file())
    cover = Article.objects.get().cover
    edit_article(editor, article, category="", tags=[], title_en="Second", **{"cover-clear": "on"})
    category.delete()
    tag.delete()
    cover.storage.delete(cover.name)
    response = editor.post(admin_url(article, f"history/{version_ids(article)[-1]}/restore"))
    assert response.status_code == 302
    restored = Article.objects.get()
    assert (restored.title_en, restored.category, restored.tags.count()) == ("First", None, 0)


def test_a_version_restored_by_a_writer_becomes_pending(writer, visitor):
    article = make_article(title="Old")
    article.title_en = "New"
    article.save()
    old = version_ids(article)[-1]
    writer.post(admin_url(article, f"history/{old}/restore"))
    article.refresh_from_db()
    assert article.title_en == "New"
    assert PendingChanges.objects.get().content["title_en"] == "Old"


def test_restoring_needs_permission_and_a_post_request(editor, as_user, visitor):
    article = make_article()
    restore = admin_url(article, f"history/{version_ids(article)[0]}/restore")
    assert editor.get(restore).status_code == 405
    assert as_user(make_user("Sales")).post(restore).status_code == 403
    assert "/admin/login/" in visitor.post(restore).url


def test_versions_need_permission_to_view_the_article(as_user, visitor):
    article = make_article()
    version = version_ids(article)[0]
    pages = ["history", f"history/compare/?from={version}&to={version}".rstrip("/")]
    assert as_user(make_user("Sales")).get(admin_url(article, pages[0])).status_code == 403
    query = f"?from={version}&to={version}"
    sales = as_user(make_user("Sales"))
    assert sales.get(admin_url(article, "history/compare") + query).status_code == 403
    assert "/admin/login/" in visitor.get(admin_url(article, "history")).url


# Deleted articles


def test_a_deleted_article_is_listed_and_recovered_as_a_draft(editor, visitor):
    tag = Tag.objects.create(name="Mining")
    article = create_article(editor, status="published", body_ar="<p>نص</p>", tags=[tag.pk])
    visitor.get(article.get_absolute_url())
    editor.post(admin_url(article, "delete"), {"post": "yes"})
    page = editor.get("/admin/news/article/deleted/").content.decode()
    assert "First" in page
    assert "ed</bdi>" in page
    assert "Deleted articles" in editor.get("/admin/news/article/").content.decode()

    version = Article.history.first()
    recover = f"/admin/news/article/deleted/{version.pk}/recover/"
    assert editor.get(recover).status_code == 405
    assert editor.post(recover).status_code == 302
    recovered = Article.objects.get()
    assert (recovered.pk, recovered.slug) == (article.pk, article.slug)
    assert recovered.body_ar == "<p>نص</p>"
    assert (recovered.status, recovered.views) == ("draft", 1)
    assert list(recovered.tags.all()) == [tag]
    assert visitor.get(recovered.get_absolute_url()).status_code == 410, "it was public once"
    assert recovered.versions.count() == 3
    assert editor.post(recover).status_code == 404, "it exists already"
    assert "No deleted articles" in editor.get("/admin/news/article/deleted/").content.decode()


def test_the_list_of_deleted_articles_has_pages_without_counting_all(editor, monkeypatch):
    monkeypatch.setattr("news.admin.views.versions.VERSIONS_PER_PAGE", 2)
    monkeypatch.setattr(KeysetPaginator, "MAX_NUMBERED", 1)
    articles = [make_article() for _ in range(5)]
    for article in articles:
        article.delete()
    url, titles = "/admin/news/article/deleted/", []
    with CaptureQueriesContext(connection) as queries:
        page = editor.get(url).context["page"]
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert all("LIMIT" in sql.rpartition("history_type")[2] for sql in counts), counts
    while page.has_next():
        titles += [version.title for version in page]
        page = editor.get(url, {"page": page.next_page_number()}).context["page"]
    titles += [version.title for version in page]
    assert titles == [article.title for article in articles[::-1]]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite uses the primary key")
def test_deleted_articles_are_found_with_an_index():
    with connection.cursor() as cursor:
        for step in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{step} = off")
    assert "version_deleted" in deleted_versions()[:21].explain()


def test_articles_deleted_together_are_each_listed(editor):
    articles = [make_article() for _ in range(3)]
    chosen = {"action": "delete_selected", "_selected_action": [each.pk for each in articles]}
    editor.post("/admin/news/article/", {**chosen, "post": "yes"})
    assert not Article.objects.exists()
    assert len(editor.get("/admin/news/article/deleted/").context["page"].object_list) == 3


def test_a_recovered_article_with_a_taken_slug_gets_a_number(editor):
    article = make_article(slug="taken")
    editor.post(admin_url(article, "delete"), {"post": "yes"})
    make_article(slug="taken")
    editor.post(
        f"/admin/news/article/deleted/{Article.history.filter(id=article.pk).first().pk}/recover/"
    )
    article.refresh_from_db()
    assert article.slug == "taken-2"


def test_recovering_needs_permission_to_add_and_delete(writer, as_user):
    article = make_article()
    article.delete()
    version = Article.history.first().pk
    for client in (writer, as_user(make_user("Sales"))):
        assert client.get("/admin/news/article/deleted/").status_code == 403
        assert client.post(f"/admin/news/article/deleted/{version}/recover/").status_code == 403
    assert "Deleted articles" not in writer.get("/admin/news/article/").content.decode()


# Many versions


def test_the_list_of_versions_is_paginated_with_constant_queries(editor):
    article = make_article()
    editor.get(admin_url(article, "history"))
    with CaptureQueriesContext(connection) as one:
        editor.get(admin_url(article, "history"))
    for number in range(30):
        article.title_en = f"Title {number}"
        article.save()
    with CaptureQueriesContext(connection) as many:
        page = editor.get(admin_url(article, "history"))
    assert len(page.context["rows"]) == 20
    assert len(many) == len(one)
    last = editor.get(admin_url(article, "history") + "?page=2")
    assert len(last.context["rows"]) == 11
    assert editor.get(admin_url(article, "history") + "?page=nonsense").status_code == 200
    assert editor.get(admin_url(article, "history") + "?page=99").context["page"].number == 2
