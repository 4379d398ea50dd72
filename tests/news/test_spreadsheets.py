"""Export and import of articles as CSV and XLSX files."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import tablib
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.spreadsheets.formats import CSV, XLSX
from news.models import Article, Category, Tag
from tests.factories import make_article, make_user
from tests.responses import one_line_html

pytestmark = pytest.mark.django_db

LIST = "/admin/news/article/"
FORMATS = {CSV: "0", XLSX: "1"}


@pytest.fixture
def publisher(as_user):
    return as_user(make_user(is_superuser=True))


def export(client, query="", kind=CSV, **data) -> tablib.Dataset:
    form = {"format": FORMATS[kind], "resource": "0"} | data
    response = client.post(f"{LIST}export/{query}", form)
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"], response.content.decode()
    return kind().create_dataset(response.content)


def dry_run(client, rows, kind=CSV):
    """The response to the dry run, which shows what the import would do, or the errors."""
    data = rows if isinstance(rows, bytes) else kind().export_data(table(rows))
    file = SimpleUploadedFile("articles.csv", data)
    form = {"import_file": file, "format": FORMATS[kind], "resource": "0"}
    return client.post(f"{LIST}import/", form)


def table(rows) -> tablib.Dataset:
    headers = list(rows[0])
    return tablib.Dataset(*[[row[name] for name in headers] for row in rows], headers=headers)


def import_rows(client, rows, kind=CSV):
    """Do the dry run and then the import; returns the response to the import."""
    page = dry_run(client, rows, kind)
    assert "confirm_form" in page.context, one_line_html(page)
    return client.post(f"{LIST}process_import/", page.context["confirm_form"].initial)


@pytest.mark.parametrize("kind", FORMATS)
def test_importing_an_export_changes_nothing(publisher, kind):
    article = make_article(
        slug="crusher",
        title="=A crusher",
        title_ar="كسارة",
        body="<p>It crushes.</p>",
        category=Category.objects.create(name="Machines"),
        source_time=datetime(2021, 3, 2, 9, 2, 31, tzinfo=UTC),
    )
    article.tags.add(Tag.objects.create(name="Steel"), Tag.objects.create(name="Ore"))
    [row] = export(publisher, kind=kind).dict
    assert row["title_en"] == "=A crusher"
    assert row["title_ar"] == "كسارة"
    assert (row["category"], row["tags"]) == ("machines", "ore, steel")
    assert row["source_time"] == "2021-03-02 09:02:31+00:00"
    page = dry_run(publisher, [row], kind)
    assert [row.import_type for row in page.context["result"].rows] == ["skip"], one_line_html(page)


def test_a_formula_in_a_title_is_escaped_in_the_file(publisher):
    make_article(title="=1+1")
    response = publisher.post(f"{LIST}export/", {"format": "0", "resource": "0"})
    rows = list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0]["title_en"] == "'=1+1"


def test_the_export_follows_the_filters_and_the_search_of_the_list(publisher):
    make_article(title="Crusher", featured=True)
    make_article(title="Screen")
    assert export(publisher, "?featured__exact=1")["title_en"] == ["Crusher"]
    assert export(publisher, "?q=screen")["title_en"] == ["Screen"]


def test_selected_articles_are_exported(publisher):
    chosen, _ = make_article(title="Chosen"), make_article(title="Other")
    page = publisher.post(LIST, {"action": "export_admin_action", "_selected_action": [chosen.pk]})
    assert "Export 1 selected item" in one_line_html(page)
    assert export(publisher, export_items=[chosen.pk])["title_en"] == ["Chosen"]


def test_an_export_needs_the_same_queries_for_one_article_as_for_many(
    publisher, django_assert_max_num_queries
):
    for number in range(30):
        make_article(title=f"Article {number}", body="<p>x</p>")
    with django_assert_max_num_queries(20):
        assert len(export(publisher)) == 30


def test_a_dry_run_shows_the_changes_without_saving(publisher):
    make_article(slug="old", title="Old")
    page = dry_run(publisher, [{"slug": "old", "title_en": "New"}, {"slug": "a", "title_en": "A"}])
    assert "<del>Old</del> <ins>New</ins>" in one_line_html(page)
    assert [row.import_type for row in page.context["result"].rows] == ["update", "new"]
    assert Article.objects.get().title == "Old"


@pytest.mark.parametrize("kind", FORMATS)
def test_rows_become_articles_with_all_languages_category_and_tags(publisher, kind):
    Category.objects.create(name="Machines")
    Tag.objects.create(name="Steel")
    row = {
        "slug": "crusher", "title_en": "A crusher", "title_zh_hans": "破碎机",
        "status": "published", "publish_time": "2021-03-02 09:02:31+08:00", "category": "machines",
        "tags": "steel", "body_en": "<p>Good</p><script>bad()</script>",
    }  # fmt: skip
    import_rows(publisher, [row], kind)
    article = Article.objects.get(slug="crusher")
    assert article.title_zh_hans == "破碎机"
    assert article.publish_time == datetime(2021, 3, 2, 1, 2, 31, tzinfo=UTC)
    assert article.category.name == "Machines"
    assert [tag.name for tag in article.tags.all()] == ["Steel"]
    assert article.body == "<p>Good</p>"
    assert article.author == "Site Editor"
    assert article.versions.count() == 1


def test_a_missing_translation_stays_empty_in_any_language_of_the_admin(publisher):
    publisher.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    import_rows(publisher, [{"slug": "a", "title_en": "A crusher", "body_en": "<p>Good</p>"}])
    article = Article.objects.get()
    assert (article.title_en, article.body_en) == ("A crusher", "<p>Good</p>")
    assert not article.title_zh_hans
    assert not article.body_zh_hans


def test_a_time_without_a_zone_is_in_the_time_zone_of_the_site(publisher, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    import_rows(publisher, [{"slug": "a", "title_en": "A", "publish_time": "2021-03-02 09:00"}])
    assert Article.objects.get().publish_time == datetime(2021, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "2021/3/2 9:02",
        "02.03.2021 09:02",
        "2021.03.02 9:02:00",
        "2021年3月2日 9:02",
        "2021-03-02T09:02",
        "２０２１-０３-０２ ０９:０２",
        "2021-03-02 01:02:00+00:00",
    ],
)
def test_a_time_is_read_as_spreadsheet_programs_write_it(publisher, settings, typed):
    settings.TIME_ZONE = "Asia/Shanghai"
    import_rows(publisher, [{"slug": "a", "title_en": "A", "publish_time": typed}])
    assert Article.objects.get().publish_time == datetime(2021, 3, 2, 1, 2, tzinfo=UTC)


def test_a_date_with_slashes_is_only_read_if_its_order_is_certain(publisher):
    for slug, typed in [("a", "25/03/2021"), ("b", "3/25/2021 0:00"), ("c", "25-03-2021")]:
        import_rows(publisher, [{"slug": slug, "title_en": slug, "publish_time": typed}])
    times = {article.publish_time for article in Article.objects.all()}
    assert times == {datetime(2021, 3, 25, tzinfo=timezone.get_default_timezone())}
    page = dry_run(publisher, [{"slug": "d", "title_en": "D", "publish_time": "02/03/2021 09:00"}])
    assert "“02/03/2021 09:00” is not a valid date and time." in one_line_html(page)


def test_a_row_without_a_slug_belongs_to_the_article_with_its_title(publisher):
    article = make_article(slug="old", title="A new crusher", summary="")
    import_rows(publisher, [{"title_en": "a new Crusher", "summary_en": "It is here."}])
    article.refresh_from_db()
    assert (article.slug, article.title, article.summary) == (
        "old", "a new Crusher", "It is here.",
    )  # fmt: skip
    assert Article.objects.count() == 1


def test_categories_and_tags_are_found_by_name(publisher):
    machines = Category.objects.create(name="Machines")
    crushers = Category.objects.create(name="Crushers", slug="x", parent=machines)
    ore, steel = Tag.objects.create(name="Iron ore", slug="t1"), Tag.objects.create(name="Steel")
    row = {"title_en": "A", "category": "Machines » Crushers", "tags": "iron ore；Steel, steel"}
    import_rows(publisher, [row])
    article = Article.objects.get()
    assert article.category == crushers
    assert set(article.tags.all()) == {ore, steel}


def test_status_and_featured_are_read_in_the_words_of_the_form(publisher):
    import_rows(publisher, [{"title_en": "A", "status": "Published", "featured": "WAHR"}])
    article = Article.objects.get()
    assert (article.status, article.featured) == ("published", True)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_sample_file_can_be_imported(publisher, kind):
    response = publisher.get(f"{LIST}import/sample.{kind.__name__.lower()}")
    page = dry_run(publisher, response.content, kind)
    assert [row.import_type for row in page.context["result"].rows] == ["new", "new"]
    publisher.post(f"{LIST}process_import/", page.context["confirm_form"].initial)
    titles = set(Article.objects.values_list("title_en", flat=True))
    assert titles == {"Example: a new crusher", "Example: visitors at the works"}


def test_a_zip_file_is_not_taken_for_articles(publisher):
    page = dry_run(publisher, b"PK\x03\x04")
    assert page.context["form"].errors["import_file"] == ["Select a CSV or XLSX file."]


def test_a_row_without_a_slug_gets_one_from_its_title(publisher):
    import_rows(publisher, [{"slug": "", "title_en": "A new crusher"}])
    assert Article.objects.get().slug == "a-new-crusher"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"publish_time": "yesterday"}, "publish_time", "not a valid date and time"),
        ({"publish_time": "2021-13-02 09:00"}, "publish_time", "not a valid date and time"),
        ({"category": "none"}, "category", "There are no categories yet."),
        ({"tags": "none, such"}, "tags", "“none” is not known."),
        ({"status": "online"}, "status", "Enter one of: draft (Draft), submitted"),
        ({"origin_url": "not a URL"}, "origin_url", "Enter a web address"),
        ({"title_en": "x" * 201}, "title_en", "at most 200"),
        ({"title_en": ""}, "title_en", "This cell must not be empty."),
        ({"slug": "not a slug"}, "slug", "Use only the letters a to z, digits, hyphens"),
    ],
)
def test_an_invalid_row_is_reported_with_column_and_reason(publisher, cells, column, reason):
    good = {"slug": "good", "title_en": "Good"}
    page = dry_run(
        publisher, [good | dict.fromkeys(cells, None) | good, good | {"slug": "bad"} | cells]
    )
    html = one_line_html(page)
    assert "confirm_form" not in page.context
    assert f"<td>3</td> <td><code>{column}" in html
    assert reason in html
    assert not Article.objects.exists()


def test_an_unknown_column_is_named(publisher):
    page = dry_run(publisher, [{"slug": "a", "headline": "A"}])
    assert "Unknown column: headline." in one_line_html(page)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"PK\x03\x04"])
@pytest.mark.parametrize("kind", FORMATS)
def test_an_unreadable_file_is_refused(publisher, kind, data):
    page = dry_run(publisher, data, kind)
    assert page.status_code == 200
    assert "confirm_form" not in page.context
    assert "errorlist" in one_line_html(page)


def test_a_file_that_disappeared_before_the_import_must_be_chosen_again(publisher):
    page = dry_run(publisher, [{"slug": "a", "title_en": "A"}])
    form = page.context["confirm_form"].initial | {"import_file_name": "gone"}
    response = publisher.post(f"{LIST}process_import/", form, follow=True)
    assert "The uploaded file is no longer available." in one_line_html(response)


def test_no_row_is_imported_if_one_became_invalid_after_the_dry_run(publisher):
    category = Category.objects.create(name="Machines")
    rows = [{"slug": "a", "title_en": "A", "category": ""}, {"slug": "b", "title_en": "B"}]
    page = dry_run(publisher, [rows[0], rows[1] | {"category": "machines"}])
    category.delete()
    form = page.context["confirm_form"].initial
    response = publisher.post(f"{LIST}process_import/", form, follow=True)
    assert "Nothing was imported because the data has changed" in one_line_html(response)
    assert not Article.objects.exists()


def test_a_writer_can_import_only_drafts(as_user):
    writer = as_user(make_user("Writers"))
    make_article(slug="online", publish_time=datetime.now(UTC) - timedelta(days=1))
    message = "You do not have permission to publish or edit published articles."
    page = dry_run(writer, [{"slug": "a", "title_en": "A", "status": "published"}])
    assert message in one_line_html(page)
    page = dry_run(writer, [{"slug": "online", "title_en": "Changed"}])
    assert message in one_line_html(page)
    import_rows(writer, [{"slug": "a", "title_en": "A"}])
    assert Article.objects.get(slug="a").status == "draft"


@pytest.mark.parametrize("role", ["Managers", "Sales", ""])
def test_other_roles_can_neither_export_nor_import(as_user, role):
    client = as_user(make_user(role))
    assert client.get(f"{LIST}export/").status_code == 403
    assert client.get(f"{LIST}import/").status_code == 403
    assert client.post(f"{LIST}process_import/").status_code == 403


def test_users_with_view_permission_can_only_export(as_user):
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    client = as_user(user)
    make_article(title="Seen")
    assert export(client)["title_en"] == ["Seen"]
    assert client.get(f"{LIST}import/").status_code == 403
    assert f"{LIST}import/" not in one_line_html(client.get(LIST))


@pytest.mark.parametrize("page", ["import/", "export/"])
def test_the_pages_have_no_inline_scripts_or_styles(publisher, page):
    response = publisher.get(LIST + page)
    html = response.content.decode()
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "onchange=" not in html
    assert "style=" not in html
