"""Texts as WordPress stores them, in tests/cases/wordpress/texts.json."""

import pytest

from core.richtext.models import Picture
from news.models import Article
from tests.cases import read_cases
from tests.news.test_wordpress import import_site
from tests.news.wordpress.wxr import Wxr

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
