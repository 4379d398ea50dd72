"""Texts as WordPress stores them, in tests/cases/wordpress/texts.json."""

import pytest

from core.richtext.models import Picture
from news.models import Article
from news.wordpress.escapes import repair_caption
from news.wordpress.markup import remove_comments
from news.wordpress.shortcodes import replace_code, replace_shortcodes
from tests.cases import read_cases
from tests.news.test_wordpress import import_site
from tests.news.wordpress.wxr import Wxr
from tests.timing import assert_linear

CASES = read_cases("wordpress/texts.json")

pytestmark = pytest.mark.django_db


def test_texts_keep_their_content(tmp_path, stored_files):
    wxr = Wxr()
    for number, case in enumerate(CASES, start=1):
        wxr.item(number, f"{number}. {case['name']}", case["content"])
        if case["name"] == "a gallery of the post's own pictures":
            wxr.picture(901, "2021/03/crusher.png", number, "Two &amp; <em>more</em>")
    wxr.item(950, "Address", "<!-- wp:paragraph --><p>Call us.</p>", kind="wp_block")
    report = import_site(tmp_path, wxr)
    picture_url = Picture.objects.get().file.url
    imported = {}
    for number, case in enumerate(CASES, start=1):
        article = Article.objects.get(title=f"{number}. {case['name']}")
        notes = report.split(f"{number}. {case['name'][:40]}")[1:]
        imported[case["name"]] = {
            "body": article.body.replace(picture_url, "PICTURE"),
            "summary": article.summary,
            "notes": [note for note in case["notes"] if any(note in line for line in notes)],
            "number of notes": len(notes),
        }
    assert imported == {
        case["name"]: {
            "body": case["body"],
            "summary": case.get("summary", ""),
            "notes": case["notes"],
            "number of notes": len(case["notes"]),
        }
        for case in CASES
    }


@pytest.mark.parametrize(
    "piece",
    [
        "[caption]", "[code]", "[gallery", "[[a", '[a b="', "[a b='c' ", "[/a]", "[x y=1][x]",
        "[caption]<img src='a'>", "[code]x[/code]", "<!--", "<!--more", "<!-- wp:x {", "&amp;amp;",
        "[su_a][/su_a]", "[video]https://", "[a=\"[\" ",
    ],
)  # fmt: skip
def test_a_long_text_takes_linear_time(piece):
    def convert(text: str) -> None:
        replace_shortcodes(replace_code(text), lambda kind, values: [], lambda reason: None)
        remove_comments(text)
        repair_caption(text)

    assert_linear(convert, piece * 2000, piece * 4000)
