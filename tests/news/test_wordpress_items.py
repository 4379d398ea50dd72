"""Titles, tags, states and comments of imported posts and pages."""

import pytest

from core.pages.models import Page
from news.models import Article, Tag
from tests.news.test_wordpress import import_site
from tests.news.wordpress.wxr import Wxr

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(stored_files):
    """The files of these tests are stored in a temporary folder."""


def notes(report: str) -> str:
    """The report's lines about single items."""
    table = report.partition("Skipped or changed, and why ")[2]
    return table.removesuffix(" Import finished.")


@pytest.mark.parametrize(
    ("typed", "title", "note"),
    [
        ("Pumps &amp; crushers &#8211; “new”", "Pumps & crushers – “new”", ""),
        ("Pumps &amp;amp; crushers", "Pumps & crushers", ""),
        ("It&amp;#8217;s new", "It’s new", ""),
        ("5 < 6 and [PE-600]", "5 < 6 and [PE-600]", ""),
        ("Title <em>With</em> <b>Mark<sup>up</sup></b>", "Title With Markup", "markup removed"),
        ("Line<br />break", "Line break", "markup removed"),
        ("", "Untitled", "post-1 had no title; imported as “Untitled”"),
        ("<em></em>", "Untitled", "post-1 had no title; imported as “Untitled”"),
    ],
)
def test_titles_are_plain_text(tmp_path, typed, title, note):
    wxr = Wxr()
    wxr.item(1, typed, "Text")
    report = import_site(tmp_path, wxr)
    assert Article.objects.get().title == title
    assert note in notes(report)
    assert bool(note) == bool(notes(report))


def test_pages_without_a_title_are_reported_as_well(tmp_path):
    wxr = Wxr()
    wxr.page(1, "", "Text", slug="about", link="https://old.example/about/")
    assert "about had no title" in import_site(tmp_path, wxr)
    assert Page.objects.get().title == "Untitled"


@pytest.mark.parametrize(
    "names",
    [
        ("steel", "Steel", "STEEL"),
        ("Müller", "MÜLLER"),
        ("Ελλάδα", "ΕΛΛΆΔΑ"),
        ("Straße", "STRASSE"),
    ],
)
def test_tags_that_differ_by_case_become_one(tmp_path, names):
    wxr = Wxr()
    for number, name in enumerate(names, start=1):
        wxr.item(number, f"Post {number}", "x", tags=((f"tag-{number}", name),))
    report = import_site(tmp_path, wxr)
    tag = Tag.objects.get()
    assert tag.name == names[0]
    assert tag.articles.count() == len(names)
    for name in names[1:]:
        note = f"this tag became “{names[0]}”, which differs in upper and lower case only"
        assert f"{name} {note}" in notes(report)


def test_a_tag_joins_one_of_this_site_and_one_that_was_a_category(tmp_path):
    Tag.objects.create(name="Steel", slug="steel-plates")
    wxr = Wxr()
    wxr.category("machines", "Machines")
    wxr.category("template", "Template")
    tags = (("steel", "STEEL"), ("template-2", "template"))
    wxr.item(1, "A", "x", categories=("machines", "template"), tags=tags)
    import_site(tmp_path, wxr)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Steel", "Template"]
    assert Article.objects.get().tags.count() == 2


@pytest.mark.parametrize(
    ("fields", "status", "note"),
    [
        ({}, "published", ""),
        ({"sticky": 1}, "published", ""),
        ({"status": "private"}, "draft", "was private; imported as a draft"),
        ({"status": "pending"}, "draft", ""),
        ({"password": "enter"}, "draft", "was password-protected; imported as a draft"),
        (
            {"password": "enter", "sticky": 1},
            "draft",
            "was password-protected; imported as a draft",
        ),
        ({"status": "future", "date": "2100-01-01 08:00:00"}, "published", ""),
    ],
)
def test_only_what_was_public_is_published(tmp_path, visitor, fields, status, note):
    wxr = Wxr()
    wxr.item(1, "A", "Secret text", **fields)
    report = import_site(tmp_path, wxr)
    article = Article.objects.get()
    assert (article.status, article.featured) == (status, bool(fields.get("sticky")))
    assert notes(report) == (f"A {note}" if note else "")
    is_public = status == "published" and fields.get("status") != "future"
    assert ("Secret text" in visitor.get("/news/post-1/").content.decode()) == is_public


@pytest.mark.parametrize("fields", [{"status": "private"}, {"password": "enter"}])
def test_pages_that_were_not_public_stay_hidden(tmp_path, visitor, fields):
    wxr = Wxr()
    wxr.page(1, "About", "Secret text", link="https://old.example/about/", **fields)
    assert "About this page was not public: imported as hidden" in import_site(tmp_path, wxr)
    assert visitor.get("/about/").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        "",
        " \n\n&nbsp;",
        "<p></p>",
        '<img src="https://old.example/wp-content/uploads/lost.png">',
        '[contact-form-7 id="1"]',
        "<!-- wp:paragraph --><p></p><!-- /wp:paragraph --><!-- wp:latest-posts /-->",
        "<!--more-->",
        "<script>go()</script>",
    ],
)
def test_an_article_without_content_stays_a_draft(tmp_path, content):
    wxr = Wxr()
    wxr.item(1, "A", content)
    report = import_site(tmp_path, wxr)
    article = Article.objects.get()
    assert (article.body, article.status) == ("", "draft")
    assert "A has no content; imported as a draft" in report
    assert "1 articles (draft)" in report


def test_an_article_with_a_cover_only_is_published(tmp_path):
    wxr = Wxr()
    wxr.picture(901, "2021/03/crusher.png")
    wxr.item(1, "A", meta={"_thumbnail_id": "901"})
    import_site(tmp_path, wxr)
    assert Article.objects.get().status == "published"


def test_comments_are_counted(tmp_path):
    wxr = Wxr()
    wxr.item(1, "A", "x", comments=3)
    wxr.page(2, "B", "x", comments=2)
    wxr.item(3, "C", kind="attachment", attachment="https://old.example/c.txt", comments=1)
    assert "comments skipped: 6" in import_site(tmp_path, wxr)


def test_a_long_url_in_the_report_is_shortened(tmp_path):
    wxr = Wxr()
    wxr.item(1, "A", f'x <img src="data:image/png;base64,{"A" * 5000}">')
    assert len(notes(import_site(tmp_path, wxr))) < 400
