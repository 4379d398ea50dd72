"""Compares two texts word by word, and shows rich text as plain text for it."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from core.richtext.cleaning import BLOCKS, TABLES, clean_html
from core.text.html import parse_html

MAX_COMPARED_WORDS = 4000  # of a passage; a longer one counts as one change
# Chinese, Japanese and Korean are written without spaces: each character counts as a word.
CJK = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
WORD = re.compile(rf"[{CJK}]|(?:(?![{CJK}])\w)+|\s+|.", re.DOTALL)

# A part of the old text and its replacement in the new one; equal where unchanged.
Piece = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """A changed field: `marked` in one text, `before` and `after` for showing side by side."""

    label: str
    marked: SafeString
    before: SafeString
    after: SafeString
    pictures: tuple[str, str] | None = None


def compare_texts(
    label: str, before: str, after: str, pictures: tuple[str, str] | None = None
) -> Change:
    """The change of a field, marked in one text and side by side."""
    pieces = difference(before, after)
    return Change(
        label=label,
        marked=_html(pieces, deleted=True, inserted=True),
        before=_html(pieces, deleted=True),
        after=_html(pieces, inserted=True),
        pictures=pictures,
    )


def is_same_markup(before: str, after: str) -> bool:
    """Whether two rich texts are equal apart from white space, which the editor changes."""
    return _normalize(before) == _normalize(after)


def _normalize(html: str) -> str:
    html = re.sub(r"\s+", " ", html)
    return re.sub(rf" ?(</?(?:{'|'.join(BLOCKS | TABLES)})(?: [^>]*)?>) ?", r"\1", html).strip()


def _html(pieces: list[Piece], deleted: bool = False, inserted: bool = False) -> SafeString:
    marked = []
    for old, new in pieces:
        if old == new:
            marked.append(("{}", old))
            continue
        if deleted and old:
            marked.append(("<del>{}</del>", old))
        if inserted and new:
            marked.append(("<ins>{}</ins>", new))
    return mark_safe("".join(format_html(form, text) for form, text in marked))  # noqa: S308


def difference(before: str, after: str) -> list[Piece]:
    """The two texts in pieces, compared by lines and then by words within the changed lines."""
    pieces: list[Piece] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for is_same, old_lines, new_lines in _matching_blocks(old, new):
        one, other = "".join(old_lines), "".join(new_lines)
        if is_same:
            pieces.append((one, one))
        else:
            pieces += _word_difference(one, other)
    return pieces


def _word_difference(before: str, after: str) -> list[Piece]:
    old, new = WORD.findall(before), WORD.findall(after)
    if not old or not new or len(old) + len(new) > MAX_COMPARED_WORDS:
        return [(before, after)]
    return [("".join(one), "".join(other)) for _same, one, other in _matching_blocks(old, new)]


def _matching_blocks(old: list[str], new: list[str]) -> list[tuple[bool, list[str], list[str]]]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(tag == "equal", old[a:b], new[c:d]) for tag, a, b, c, d in codes]


OPENING_MARKS = {
    "p": "\n", "h2": "\n## ", "h3": "\n### ", "h4": "\n#### ", "li": "\n• ", "tr": "\n",
    "blockquote": "\n“", "pre": "\n", "figcaption": "\n", "caption": "\n", "br": "\n",
    "hr": "\n———\n", "td": "| ", "th": "| ",
    "strong": "**", "em": "_", "u": "__", "s": "~~", "code": "`", "sub": "₍", "sup": "⁽",
}  # fmt: skip
CLOSING_MARKS = {
    "p": "\n", "h2": "\n", "h3": "\n", "h4": "\n", "li": "\n", "tr": "|\n", "td": " ",
    "th": " ", "blockquote": "”\n", "pre": "\n", "figcaption": "\n", "caption": "\n",
    "strong": "**", "em": "_", "u": "__", "s": "~~", "code": "`", "sub": "₎", "sup": "⁾",
}  # fmt: skip


def html_to_text(html: str) -> str:
    """Rich text as lines of plain text, with characters in place of the markup, as `**bold**`."""
    texts: list[str] = []
    link_urls: list[str] = []
    for piece in parse_html(clean_html(html)):
        if isinstance(piece, str):
            texts.append(re.sub(r"\s+", " ", piece))
        elif piece.is_closing:
            if piece.name == "a" and link_urls and (url := link_urls.pop()):
                texts.append(f" <{url}>")
            texts.append(CLOSING_MARKS.get(piece.name, ""))
        else:
            if piece.name == "a":
                link_urls.append(piece.attributes.get("href", ""))
            elif piece.name == "img":
                alt, src = piece.attributes.get("alt", ""), piece.attributes.get("src", "")
                texts.append(f"[{gettext('image')}: {alt} {src}]")
            texts.append(OPENING_MARKS.get(piece.name, ""))
    return re.sub(r"\n{2,}", "\n", "".join(texts)).strip("\n")
