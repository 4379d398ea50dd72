"""A rich text with a table of contents."""

import re
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from core.richtext.cleaning import clean_html
from core.richtext.tables import make_scrollable
from core.text.html import html_to_text

# In the output of clean_html(), a heading has no attribute but a class.
HEADING = re.compile(r'<h([23])( class="[^"]*")?>(.*?)</h\1>', re.DOTALL)
TAG = re.compile("<[^>]*>")
MIN_HEADINGS = 3  # for a table of contents

WORDS_PER_MINUTE = 220
CJK_CHARACTERS_PER_MINUTE = 400
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Heading:
    """A heading, its `id` in the text, and whether it is on the lower level."""

    text: str
    anchor: str
    is_nested: bool


@dataclass(frozen=True)
class OutlinedText:
    """Clean HTML with anchors, its headings if there are MIN_HEADINGS, and the reading time."""

    html: SafeString
    headings: list[Heading]
    minutes: int


def outline(html: str | None) -> OutlinedText:
    """`html`, cleaned, with anchors on the headings of the second and third level."""
    headings: list[Heading] = []

    def anchor(match: re.Match[str]) -> str:
        level, attributes, content = match.groups()
        if not (text := html_to_text(content)):
            return match[0]
        heading = Heading(text, f"section-{len(headings) + 1}", level == "3")
        headings.append(heading)
        return f'<h{level}{attributes or ""} id="{heading.anchor}">{content}</h{level}>'

    text = make_scrollable(HEADING.sub(anchor, clean_html(html or "")))
    listed = headings if len(headings) >= MIN_HEADINGS else []
    return OutlinedText(mark_safe(text), listed, minutes_to_read(text))  # noqa: S308 -- clean_html()


def minutes_to_read(html: str) -> int:
    """How many minutes it takes to read `html`, at least one."""
    text = TAG.sub(" ", html)
    characters = 0 if text.isascii() else len(CJK.findall(text))
    words = len((CJK.sub(" ", text) if characters else text).split())
    return max(1, round(words / WORDS_PER_MINUTE + characters / CJK_CHARACTERS_PER_MINUTE))
