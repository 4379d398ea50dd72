"""How texts become words, and words a query."""

import pytest

from news.search.excerpt import LENGTH, excerpt, marked
from news.search.query import MOST_TERMS, Query, Term, parse
from news.search.text import MOST_BYTES, indexed, plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stone-Crusher, PE-750×1060!", "stone crusher pe 750 1060"),
        ("破碎机", "破碎 碎机 机"),
        ("新PE750型", "新 pe750 型"),
        ("Ｆｕｌｌ Straße İstanbul naïve", "full strasse istanbul naive"),
        ("الكسّارة إلى", "كساره الي"),
        ("كسارة", "كساره"),
        ("한국 カメラ", "한국 국 カメ メラ ラ"),
        ("_ - \0 ' \" \\", ""),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_text_becomes_words(text, words):
    assert indexed(text) == words


def test_a_text_without_end_is_indexed_as_far_as_a_tsvector_holds():
    assert MOST_BYTES * 0.9 < len(indexed("crusher " * 200_000).replace(" ", "")) <= MOST_BYTES


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("<p>w<strong>or</strong>d &amp; &lt;b&gt;</p>", "word & <b>"),
        ('<img alt="a > b"><td>x</td><td>y</td>', "x y"),
        ("5 < 6 <!-- gone --> and <broken", "5 < 6 and <broken"),
    ],
)
def test_markup_becomes_plain_text(markup, text):
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("crusher the", Query((Term(("crusher",), True), Term(("the",))))),
        ('"stone crusher"', Query((Term(("stone", "crusher")),))),
        ("„stone crusher", Query((Term(("stone", "crusher")),))),
        ("cr*", Query((Term(("cr",), True),))),
        ("c*", Query((Term(("c",)),))),
        ("crusher -jaw", Query((Term(("crusher",), True),), (Term(("jaw",)),))),
        ("破碎机", Query((Term(("破碎", "碎机")),))),
        ("机", Query((Term(("机",), True),))),
        ("the the", Query((Term(("the",)),))),
        (' - ** "" ', Query()),
        ("", Query()),
    ],
)
def test_what_is_typed_becomes_terms(typed, query):
    assert parse(typed) == query


def test_a_query_has_an_end():
    assert len(parse(" ".join(f"word{number}" for number in range(40))).terms) == MOST_TERMS
    assert not parse("-jaw")


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Crushers crush.", "crush", "<mark>Crushers</mark> <mark>crush</mark>."),
        ("stone, a stone crusher", '"stone crusher"', "stone, a <mark>stone crusher</mark>"),
        ("颚式破碎机", "破碎机", "颚式<mark>破碎机</mark>"),
        ("破机器", "机", "破<mark>机</mark>器"),
        ("Mâchoires", "machoires", "<mark>Mâchoires</mark>"),
        ("a < b & crusher", "crusher", "a &lt; b &amp; <mark>crusher</mark>"),
        ("jaw crusher", "crusher -jaw", "jaw <mark>crusher</mark>"),
        ("<mark>x</mark>", "mark", "&lt;<mark>mark</mark>&gt;x&lt;/<mark>mark</mark>&gt;"),
    ],
)
def test_words_are_marked_where_they_stand(text, typed, shown):
    assert marked(text, parse(typed)) == shown


def test_an_excerpt_is_of_the_text_that_has_the_words_and_else_the_first():
    texts = ["", "The summary", f"{'word ' * 200}crusher {'word ' * 200}"]
    assert excerpt(texts, parse("unheard")) == "The summary"
    shown = excerpt(texts, parse("crusher"))
    assert "<mark>crusher</mark>" in shown
    assert shown.startswith("… word")
    assert shown.endswith("word …")
    assert len(shown) <= LENGTH + 20
    assert excerpt([], parse("crusher")) == ""
