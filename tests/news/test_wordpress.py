"""Importing a WordPress site."""

import tracemalloc
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.redirects.models import Redirect
from django.core.management import CommandError, call_command

from core.pages.models import Page
from core.richtext.models import Picture
from news.models import Article, Category, ImportedItem, Tag
from news.wordpress.writer import ItemWriter
from news.wordpress.wxr import parse_export
from tests.news.wordpress.site import CHINESE, old_site, uploads
from tests.news.wordpress.wxr import OLD, Wxr

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(tmp_path, stored_files):
    """Imports the old site; the output of the command."""
    return import_site(tmp_path)


def import_site(folder: Path, wxr: Wxr | None = None, **options) -> str:
    media = folder / "uploads"
    if not media.exists():
        uploads(folder)
    return run((wxr or old_site()).write(folder), media=media, **options)


def run(path: Path, **options) -> str:
    out = StringIO()
    call_command("import_wordpress", str(path), **{"no_network": True, "stdout": out} | options)
    return " ".join(out.getvalue().split())


def all_rows() -> list[int]:
    models = (Article, Category, Tag, Page, Redirect, Picture, ImportedItem)
    return [model.objects.count() for model in models]


def test_a_hundred_posts_are_imported_once(tmp_path, stored_files):
    report = import_site(tmp_path, old_site(posts=100))
    assert "96 articles (published)" in report
    assert "Saved: 75" in report
    assert Article.objects.count() == 99
    assert "103 imported before" in import_site(tmp_path, old_site(posts=100), verbosity=0)
    assert Article.objects.count() == 99


def test_posts_are_imported_with_dates_authors_and_status(report):
    assert Article.objects.count() == 11
    article = Article.objects.get(slug="post-1")
    assert article.title == "Opening “day”"
    assert article.author == "July & Co."
    assert article.publish_time == datetime(2021, 3, 2, 9, 2, 31, tzinfo=UTC)
    assert article.featured
    assert article.is_published
    assert article.cover_width == 640
    assert article.cover_alt == "Shows 2021/03/crusher.png"
    assert Article.objects.get(slug="not-yet").status == "draft"
    tomorrow = Article.objects.get(title="Tomorrow")
    assert tomorrow.status == "published"
    assert not tomorrow.is_published
    assert not Article.objects.filter(title="Binned").exists()
    assert "8 articles (published)" in report


def test_a_post_with_a_password_becomes_a_draft_and_is_reported(report):
    assert Article.objects.get(slug="locked").status == "draft"
    assert "Locked was password-protected" in report


def test_a_text_of_the_classic_editor_gets_paragraphs_figures_and_new_urls(report):
    body = Article.objects.get(slug="post-1").body
    picture = Picture.objects.get(name="crusher.png")
    assert "<p>The first line<br>\nand the second.</p>" in body
    assert '<figure class="image align-left">' in body
    assert f'src="{picture.file.url}"' in body
    assert f'<a href="{picture.file.url}"><img alt="A crusher" height="169"' in body
    assert "<figcaption>In the <em>works</em></figcaption>" in body
    assert '<a href="/news/post-2/">the next</a>' in body
    third = Article.objects.get(title="破碎机新闻")
    assert f'<a href="/news/{third.slug}/#part">the third</a>' in body
    assert '<a href="/about/">about us</a>' in body
    assert "[sic]" in body
    assert body.count("<figure") == 3
    assert "old.example" not in body
    assert "<!--" not in body


def test_the_summary_is_the_excerpt_or_the_text_before_more(report):
    summary = Article.objects.get(slug="post-1").summary
    assert summary.startswith("The first line and the second.")
    assert summary.endswith("We know [sic] it.")
    assert Article.objects.get(title="أخبار المصنع").summary == "A summary"


def test_an_unknown_shortcode_is_removed_without_its_text(report):
    assert "<p>Ask <strong>us</strong></p>" in Article.objects.get(slug="post-1").body
    assert "Opening “day” shortcode [price-table] removed" in report


def test_a_missing_picture_is_removed_and_reported(report):
    assert "lost.png (the file is not in the uploads folder)" in report
    assert "Lost" not in Article.objects.get(slug="post-1").body


def test_a_text_of_the_block_editor_keeps_its_content(report):
    body = Article.objects.get(slug="post-2").body
    assert "<h2>In blocks</h2>" in body
    assert '<p class="align-center">Middle</p>' in body
    assert '<div class="align-center"><figure class="image">' in body
    assert 'href="https://video.example/1"' in body
    assert "wp:" not in body


def test_slugs_in_other_scripts_become_latin_and_old_urls_redirect(report, visitor):
    article = Article.objects.get(title="破碎机新闻")
    assert article.slug.isascii()
    for old in (f"/2021/03/{CHINESE}/", f"/2021/03/{CHINESE}", "/?p=3", "/2021/03/破碎机新闻/"):
        response = visitor.get(old)
        assert (response.status_code, response.url) == (301, f"/news/{article.slug}/"), old
        assert not response.cookies
    assert visitor.get(f"/news/{article.slug}/").status_code == 200


def test_categories_keep_two_levels_and_deeper_ones_are_reported(report):
    tree = {
        category.name: category.parent and category.parent.name
        for category in Category.objects.all()
    }
    assert tree == {
        "News & events": None,
        "Machines": "News & events",
        "Crushers": "News & events",
        "展会": None,
    }
    assert "Crushers this category was nested 3 levels deep" in report
    article = Article.objects.get(slug="post-1")
    assert article.category.name == "Crushers"
    assert {tag.name for tag in article.tags.all()} == {"Steel", "News & events"}


def test_the_url_of_an_old_category_redirects(report, visitor):
    response = visitor.get("/category/news/machines/crushers/")
    assert (response.status_code, response.url) == (301, "/news/category/crushers/")


def test_pages_keep_their_paths(report, visitor):
    page = visitor.get("/about/").content.decode()
    assert '<a href="/about/team/">Team</a>' in page
    assert visitor.get("/about/team/").status_code == 200
    assert "the old URL is already in use on this site; the new URL is /contacts-2/" in report
    assert visitor.get("/later/").status_code == 404
    assert "Draft page this page was not public" in report


def test_items_other_than_posts_and_pages_are_counted(report):
    assert "wpcf7_contact_form skipped: 1" in report
    assert "nav_menu_item" not in report


def test_a_second_import_neither_duplicates_nor_overwrites(report, tmp_path, stored_files):
    Article.objects.filter(slug="post-1").update(title_en="Edited here")
    Article.objects.get(slug="post-2").delete()
    rows, files = all_rows(), stored_files()
    second_report = import_site(tmp_path)
    assert (all_rows(), stored_files()) == (rows, files)
    assert Article.objects.get(slug="post-1").title == "Edited here"
    assert "14 imported before, not changed" in second_report
    assert "In blocks skipped: deleted on this site" in second_report


def test_an_update_overwrites_the_article_and_keeps_its_url(report, tmp_path, stored_files):
    article = Article.objects.get(slug="post-1")
    article.title, article.slug = "Edited here", "edited-here"
    article.save()
    rows, files = all_rows(), stored_files()
    second_report = import_site(tmp_path, update=True)
    article.refresh_from_db()
    assert (article.title, article.slug) == ("Opening “day”", "edited-here")
    assert "11 articles overwritten" in second_report
    assert all_rows()[:4] == rows[:4]
    assert stored_files() == files


def test_a_later_export_adds_new_posts_that_link_to_old_ones(report, tmp_path):
    wxr = Wxr()
    wxr.item(400, "New", f'<a href="{OLD}/2021/03/post-1/">first</a>', link=f"{OLD}/2022/01/new/")
    wxr.item(1, "Opening", slug="post-1")
    import_site(tmp_path, wxr)
    assert '<a href="/news/post-1/">first</a>' in Article.objects.get(title="New").body


def test_a_taken_path_gets_a_number_and_the_old_url_redirects(tmp_path, stored_files, visitor):
    Article.objects.create(title="Ours", slug="post-1")
    import_site(tmp_path)
    assert visitor.get("/2021/03/post-1/").url == "/news/post-1-2/"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_a_truncated_file_is_refused_and_changes_nothing(tmp_path, stored_files, share):
    whole = old_site().text().encode()
    path = tmp_path / "cut.xml"
    path.write_bytes(whole[: int(len(whole) * share)])
    rows = all_rows()
    with pytest.raises(CommandError, match=r"or incomplete at line \d+.*Nothing was imported\."):
        run(path, media=uploads(tmp_path))
    assert (all_rows(), stored_files()) == (rows, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><rss>&c;</rss>', "entity"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><rss>&b;</rss>', "entity"),
        ("<rss><channel><title>A feed</title></channel></rss>", "not a WordPress export"),
        ("Dear diary", "damaged"),
        ("", "damaged"),
    ],
)
def test_a_file_that_is_not_an_export_is_refused_with_the_reason(tmp_path, text, reason):
    path = tmp_path / "export.xml"
    path.write_text(text)
    with pytest.raises(CommandError, match=rf"{reason}.*Nothing was imported\."):
        run(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"missing\.xml"):
        run(tmp_path / "missing.xml")


def test_a_failed_import_leaves_no_rows_and_no_files(tmp_path, stored_files, monkeypatch):
    write = ItemWriter.write

    def fail(self, item, *args):
        if item.id == "10":
            raise RuntimeError("the disk is full")
        write(self, item, *args)

    monkeypatch.setattr(ItemWriter, "write", fail)
    rows = all_rows()
    with pytest.raises(RuntimeError):
        import_site(tmp_path)
    assert (all_rows(), stored_files()) == (rows, [])


def test_control_characters_that_xml_forbids_are_removed(tmp_path, stored_files):
    wxr = Wxr()
    wxr.item(1, "A\x0bB", "x\x00y")
    import_site(tmp_path, wxr)
    assert Article.objects.get().title == "AB"


def test_scripts_are_not_imported(tmp_path, stored_files):
    wxr = Wxr()
    wxr.item(1, "A <script>x</script>", '<p onclick="x">Good</p><script>bad()</script>')
    wxr.page(2, "P", '<a href="javascript:bad()">Good</a><script>bad()</script>')
    import_site(tmp_path, wxr)
    for text in (Article.objects.get().body, Page.objects.get().blocks[0]["values"]["text"]["en"]):
        assert "Good" in text
        assert "bad()" not in text
        assert "onclick" not in text


def test_a_picture_outside_the_uploads_folder_is_not_read(tmp_path, stored_files):
    (tmp_path / "secret.png").write_bytes((uploads(tmp_path) / "2021/03/screen.png").read_bytes())
    wxr = Wxr()
    wxr.item(1, "A", f'<img src="{OLD}/wp-content/uploads/../secret.png">')
    wxr.item(2, "B", f'<img src="{OLD}/wp-content/uploads/%2e%2e/secret.png">')
    import_site(tmp_path, wxr)
    assert not Picture.objects.exists()


def test_texts_are_imported_in_the_given_language(tmp_path, stored_files):
    wxr = Wxr()
    wxr.item(1, "破碎机", "一", slug="crusher")
    import_site(tmp_path, wxr, language="zh-hans")
    article = Article.objects.get(slug="crusher")
    assert (article.title_zh_hans, article.title_en or "") == ("破碎机", "")


def test_a_given_author_replaces_all_authors(tmp_path, stored_files):
    wxr = Wxr()
    wxr.item(1, "A")
    import_site(tmp_path, wxr, author="Site Editor")
    assert Article.objects.get().author == "Site Editor"


def test_a_long_export_needs_little_memory(tmp_path):
    wxr = Wxr()
    for number in range(1, 41):
        wxr.item(number, f"Long {number}", "x" * 500_000)
    path = wxr.write(tmp_path)
    tracemalloc.start()
    try:
        count = sum(1 for _ in parse_export(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 41
    assert peak < 8_000_000 < path.stat().st_size


def test_imported_pages_are_published(report):
    assert Page.objects.published().count() == 3
