"""Exports as versions of WordPress and its plug-ins write them, in tests/cases/wordpress."""

import tracemalloc
from pathlib import Path

import pytest
from django.core.management import CommandError

from news.models import Article
from news.wordpress.wxr import parse_export
from tests.news.test_wordpress import run
from tests.news.wordpress.wxr import Wxr
from tests.timing import assert_linear

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent.parent / "cases/wordpress"
TITLE, BODY = "A pump", "<p>Two pumps.</p>"
REPAIRED = "the file has errors, which were repaired"


@pytest.mark.parametrize(
    ("name", "title", "body", "is_repaired"),
    [
        ("version-1.0", TITLE, "<p>Two <strong>pumps</strong>.</p>", False),
        ("version-1.0-names-only", TITLE, BODY, False),
        ("version-1.1", TITLE, "<p>Two <strong>pumps</strong>.</p>", False),
        ("version-1.2-cdata-titles", "A pump & a “crusher”", BODY, False),
        ("cdata-inside-cdata", TITLE, "<p>Set a[b[0]]&gt;5  bar.</p>", True),
        ("cdata-in-a-script", TITLE, "<p>Before</p>\n<p>After</p>", True),
        ("cdata-split", TITLE, "<p>if (a[b[0]]&gt;1)</p>", False),
        ("control-characters", TITLE, "<p>Two pumps, one crusher.</p>", False),
        (
            "html-entities",
            "Pumps é © AT&T new",
            "<p>Two é pumps &amp;nosuch; AT&amp;T.</p>",
            True,
        ),
        ("php-warnings", TITLE, BODY, False),
        ("blank-lines", TITLE, BODY, False),
        ("two-byte-order-marks", TITLE, "<p>Two pumps é.</p>", False),
        ("utf-16", TITLE, "<p>Two pumps 泵.</p>", False),
        ("windows-1251", "Насос", "<p>Два насоса.</p>", False),
        ("gb2312", "水泵", "<p>两台镕泵。</p>", False),
        ("cut-characters", TITLE, "<p>Two � pumps, “café bar” 泵�.</p>", False),
        ("default-namespace", TITLE, BODY, False),
    ],
)
def test_an_export_is_read(name, title, body, is_repaired, stored_files):
    report = run(CASES / f"{name}.xml")
    article = Article.objects.get()
    assert (article.title, article.body) == (title, body)
    assert (REPAIRED in report) == is_repaired


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("version-1.0", {"news": "news", "steel": "Steel"}),
        ("version-1.0-names-only", {"steel": "Steel"}),
        ("version-1.1", {"steel": "Steel"}),
    ],
)
def test_every_version_has_its_categories_and_tags(name, tags, stored_files):
    run(CASES / f"{name}.xml")
    article = Article.objects.get()
    assert article.category.name == "Heavy pumps"
    assert {tag.slug: tag.name for tag in article.tags.all()} == tags


def test_a_file_that_cannot_be_repaired_is_refused_with_the_first_error(tmp_path):
    path = tmp_path / "cut.xml"
    path.write_bytes((CASES / "html-entities.xml").read_bytes()[:-40])
    with pytest.raises(CommandError, match=r"damaged or incomplete at line 15\."):
        run(path)
    assert not Article.objects.exists()


def test_a_repaired_export_needs_little_memory(tmp_path):
    text = "x ]]> & " * 60_000
    wxr = Wxr()
    for number in range(1, 31):
        wxr.item(number, f"Long {number}", text)
    path = tmp_path / "export.xml"
    path.write_text(wxr.text().replace("]]]]><![CDATA[>", "]]>"))
    parts = parse_export(path, repair=True)
    next(parts)
    tracemalloc.start()
    try:
        assert all(part.content == text.strip() for part in parts)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000 < path.stat().st_size


@pytest.mark.parametrize("repair", [False, True])
def test_a_long_export_takes_linear_time(tmp_path, repair):
    def export(posts: int) -> Path:
        wxr = Wxr()
        for number in range(posts):
            wxr.item(number, "A & B", "[gallery] ]] > &amp; " * 50, meta={"key": "value"})
        return wxr.write(tmp_path, f"{posts}.xml")

    def read(path: Path) -> None:
        assert sum(1 for _part in parse_export(path, repair)) > 1

    assert_linear(read, export(200), export(400))
