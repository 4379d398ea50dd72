"""Text, links and images of HTML, folded spellings, and the parts of a query."""

import pytest

from core.richtext.cleaning import clean_html
from core.text.folding import fold
from core.text.html import (
    Image,
    Link,
    html_to_lines,
    html_to_text,
    parse_html,
    read_html,
    truncate_html,
)
from core.text.search_query import QueryPart, clean_query, split_query
from tests.cases import read_cases
from tests.timing import assert_linear


def test_blocks_links_and_images_are_read_in_order():
    content = read_html(
        '<h2>One</h2><p>A <a href=" /x/ ">li<b>nk</b></a> &amp; more<br>next</p>'
        '<img src="/a.jpg" alt=" A  plant "/><pre>code</pre><a href="/y/">open'
    )
    assert content.blocks == ["One", "A link & more", "next", "…", "open"]
    assert content.links == [Link("/x/", "link"), Link("/y/", "open")]
    assert content.images == [Image("/a.jpg", "A plant")]


def test_scripts_and_styles_are_not_text():
    assert html_to_text("a<script>bad('<p>')</script><style>p {}</style>b<!-- c -->") == "a b"
    assert parse_html("") == []


@pytest.mark.parametrize("case", read_cases("text/hidden_text.json"), ids=lambda case: case["html"])
def test_what_a_browser_does_not_show_is_never_part_of_a_text(case):
    html, text = case["html"], case["text"]
    assert html_to_text(html) == text
    assert truncate_html(html, 500) == text
    assert " ".join(html_to_lines(html).split()) == text
    assert "secret" not in clean_html(html).lower()


@pytest.mark.parametrize(
    "part", ["<div>", "<div></p>", "<![x", "<!--", "<script>", "<![CDATA[", "<td>", "&", "<"]
)
def test_the_time_to_read_malformed_html_grows_linearly(part):
    assert_linear(parse_html, part * 5000, part * 10_000)


def test_tags_that_are_nested_too_deeply_are_removed_with_hidden_text():
    html = "<div>" * 6000 + "Before<script>secret</script><!-- secret --><p>&lt; After"
    assert html_to_text(html) == "Before < After"
    assert html_to_lines(html) == "Before\n< After"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one two</p>", "one two"),
        ("<p>one two</p><p>three four</p>", "one two…"),
        ("<p>破碎机破碎机破碎机破碎机</p>", "破碎机破碎机破碎机…"),
    ],
)
def test_a_long_text_is_truncated_between_words(html, text):
    assert truncate_html(html, 10) == text


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (["Straße", "STRASSE"], "strasse"),
        (["كَسّارة", "كساره"], "كساره"),
        (["Ｐｅ７５０", "PE750"], "pe750"),
        (["ガ"], "ガ"),
    ],
)
def test_spellings_of_one_word_are_folded_to_the_same_text(spellings, folded):
    assert {fold(spelling) for spelling in spellings} == {folded}


def test_a_query_is_split_into_words_and_phrases():
    assert split_query('jaw "stone crusher" -used -"for hire" jaw ""') == [
        QueryPart("jaw"),
        QueryPart("stone crusher", is_phrase=True),
        QueryPart("used", is_excluded=True),
        QueryPart("for hire", is_phrase=True, is_excluded=True),
    ]


def test_a_query_is_one_printable_line_of_limited_length():
    assert clean_query("\0 jaw\n\tcrusher\x7f ") == "jaw crusher"
    assert len(clean_query("a " * 1000)) <= 200
