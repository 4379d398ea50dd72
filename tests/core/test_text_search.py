"""Tokens of a text, queries, highlighting and excerpts."""

import pytest

from core.text.excerpts import MAX_EXCERPT_LENGTH, excerpt, highlight
from core.text.html import html_to_text
from core.text.search_query import MAX_TERMS, SearchQuery, Term, parse_query
from core.text.tokens import join_tokens, tokenize
from tests.cases import read_cases
from tests.timing import assert_linear


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
def test_a_text_is_split_into_words(text, words):
    assert join_tokens(text, 1000) == words


def test_the_tokens_of_a_long_text_are_limited_in_bytes():
    tokens = join_tokens("crusher " * 200_000, max_bytes=300_000)
    assert 270_000 < len(tokens.replace(" ", "")) <= 300_000


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("<p>w<strong>or</strong>d &amp; &lt;b&gt;</p>", "word & <b>"),
        ('<img alt="a > b"><td>x</td><td>y</td>', "x y"),
        ("5 < 6 <!-- gone --> and <", "5 < 6 and <"),
    ],
)
def test_html_is_converted_to_plain_text(markup, text):
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("crusher the", SearchQuery((Term(("crusher",), True), Term(("the",))))),
        ('"stone crusher"', SearchQuery((Term(("stone", "crusher")),))),
        ("„stone crusher", SearchQuery((Term(("stone", "crusher")),))),
        ("cr*", SearchQuery((Term(("cr",), True),))),
        ("c*", SearchQuery((Term(("c",)),))),
        ("crusher -jaw", SearchQuery((Term(("crusher",), True),), (Term(("jaw",)),))),
        ("破碎机", SearchQuery((Term(("破碎", "碎机")),))),
        ("机", SearchQuery((Term(("机",), True),))),
        ("the the", SearchQuery((Term(("the",)),))),
        (' - ** "" ', SearchQuery()),
        ("", SearchQuery()),
    ],
)
def test_a_query_is_parsed_into_terms(typed, query):
    assert parse_query(typed) == query


def test_the_terms_of_a_query_are_limited_and_must_not_all_be_excluded():
    assert len(parse_query(" ".join(f"word{number}" for number in range(40))).terms) == MAX_TERMS
    assert not parse_query("-jaw")


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
def test_found_words_are_highlighted(text, typed, shown):
    assert highlight(text, parse_query(typed)) == shown


@pytest.mark.parametrize(
    "case", read_cases("text/search_spellings.json"), ids=lambda case: case["query"]
)
def test_every_spelling_of_a_word_is_found_and_highlighted_as_it_was_written(case):
    assert highlight(case["text"], parse_query(case["query"])) == case["shown"]


@pytest.mark.parametrize("text", ["Ｍühle ", "كَسّارَةٌ ", "ﾎﾟﾝﾌﾟ", "颚式破碎机 ", "\u0301", "щёки "])
def test_the_time_to_split_a_text_grows_linearly(text):
    assert_linear(lambda text: list(tokenize(text)), text * 3000, text * 6000)


def test_a_phrase_with_many_spaces_has_few_spellings():
    [term] = parse_query(f'"{" ".join("破碎机颚式运往拉各斯")}"').terms
    assert len(term.spellings) == 2


def test_an_excerpt_is_from_the_text_with_the_words_or_else_the_first_text():
    texts = ["", "The summary", f"{'word ' * 200}crusher {'word ' * 200}"]
    assert excerpt(texts, parse_query("missing")) == "The summary"
    shown = excerpt(texts, parse_query("crusher"))
    assert "<mark>crusher</mark>" in shown
    assert shown.startswith("… word")
    assert shown.endswith("word …")
    assert len(shown) <= MAX_EXCERPT_LENGTH + 20
    assert excerpt([], parse_query("crusher")) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{'One more. ' * 40}The crusher runs. {'Another one here. ' * 40}", "The crusher runs."),
        (f"{'破碎。' * 90}The crusher runs。{'破碎。' * 90}", "The crusher runs。"),
    ],
)
def test_an_excerpt_is_cut_at_sentences(text, shown):
    found = excerpt([text], parse_query("crusher"))
    assert found.startswith(shown.replace("crusher", "<mark>crusher</mark>"))
    assert found[-1] in ".。"


def test_an_excerpt_of_a_long_sentence_is_cut_between_words():
    found = excerpt([f"{'word ' * 100}crusher {'word ' * 100}"], parse_query("crusher"))
    assert found.startswith("… word")
    assert found.endswith("word …")
