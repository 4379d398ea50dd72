"""A text with a table of its contents."""

import re
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from core.richtext.cleaning import clean_html
from core.text.html import html_to_text

# What clean_html() writes: no attribute but a class.
HEADING = re.compile(r'<h([23])( class="[^"]*")?>(.*?)</h\1>', re.DOTALL)
FEWEST = 3  # headings that are worth a table

LATIN_WORDS = 220  # a minute, read at ease
CJK_SIGNS = 400
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Heading:
    """A heading, its place in the text as `#anchor`, and whether it stands under another."""

    text: str
    anchor: str
    is_nested: bool


@dataclass(frozen=True)
class OutlinedText:
    """Clean HTML whose headings can be linked to, and those headings where there are enough."""

    html: SafeString
    headings: list[Heading]
    minutes: int


def outline(html: str | None) -> OutlinedText:
    """`html`, cleaned, with anchors on its headings of the second and third level."""
    headings: list[Heading] = []

    def anchor(match: re.Match[str]) -> str:
        level, attributes, content = match.groups()
        if not (text := html_to_text(content)):
            return match[0]
        heading = Heading(text, f"section-{len(headings) + 1}", level == "3")
        headings.append(heading)
        return f'<h{level}{attributes or ""} id="{heading.anchor}">{content}</h{level}>'

    text = HEADING.sub(anchor, clean_html(html or ""))
    listed = headings if len(headings) >= FEWEST else []
    return OutlinedText(mark_safe(text), listed, minutes_to_read(text))  # noqa: S308 -- clean_html()


def minutes_to_read(html: str) -> int:
    """How many minutes one reads at `html`, at least one."""
    text = html_to_text(html)
    signs = len(CJK.findall(text))
    words = len(CJK.sub(" ", text).split())
    return max(1, round(words / LATIN_WORDS + signs / CJK_SIGNS))
