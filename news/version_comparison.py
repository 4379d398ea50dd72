"""Compares two versions of an article word by word, as plain text."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from core.richtext.cleaning import BLOCKS, TABLES, clean_html
from core.richtext.fields import RichTextField
from core.text.html import parse_html
from core.time_zone import time_zone_name
from news.models import Article, Category, Tag
from news.models.version import Content, content_fields

MAX_COMPARED_WORDS = 4000  # of a passage; a longer one counts as one change
NOT_COMPARED = {"cover_width", "cover_height"}

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


def compare_contents(before: Content, after: Content) -> list[Change]:
    """The changed fields, in the order of the model."""
    fields = sorted(_compared_fields(), key=lambda field: field.creation_counter)
    values = _ValueFormatter(before, after)
    changes = [
        _change(
            field.name, _label(field), values.format(field, before), values.format(field, after)
        )
        for field in fields
        if _differs(field, before, after)
    ]
    if before["tags"] != after["tags"]:
        tags = values.format_tags(before["tags"]), values.format_tags(after["tags"])
        changes.append(_change("tags", gettext("Tags"), *tags))
    return changes


def changed_labels(before: Content, after: Content) -> list[str]:
    """The labels of the changed fields."""
    labels = [_label(field) for field in _compared_fields() if _differs(field, before, after)]
    return [*labels, gettext("Tags")] if before["tags"] != after["tags"] else labels


def _compared_fields() -> list[Any]:
    fields = content_fields(Article.history.model)
    return [field for field in fields if field.name not in NOT_COMPARED]


def _differs(field: Any, before: Content, after: Content) -> bool:
    old, new = before.get(field.name) or "", after.get(field.name) or ""
    return old != new and not (isinstance(field, RichTextField) and is_same_markup(old, new))


def is_same_markup(before: str, after: str) -> bool:
    """Whether two rich texts are equal apart from white space, which the editor changes."""
    return _normalize(before) == _normalize(after)


def _normalize(html: str) -> str:
    html = re.sub(r"\s+", " ", html)
    return re.sub(rf" ?(</?(?:{'|'.join(BLOCKS | TABLES)})(?: [^>]*)?>) ?", r"\1", html).strip()


def _label(field: Any) -> str:
    own: Any = Article._meta.get_field(field.name)
    return capfirst(str(own.verbose_name))


def _change(name: str, label: str, before: str, after: str) -> Change:
    pieces = difference(before, after)
    pictures = (_picture_url(before), _picture_url(after)) if name == "cover" else None
    return Change(
        label=label,
        marked=_html(pieces, deleted=True, inserted=True),
        before=_html(pieces, deleted=True),
        after=_html(pieces, inserted=True),
        pictures=pictures,
    )


def _picture_url(name: str) -> str:
    return default_storage.url(name) if name else ""


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


class _ValueFormatter:
    """Formats values for editors; loads the names of categories and of tags in one query each."""

    def __init__(self, *contents: Content) -> None:
        categories = {content.get("category") for content in contents} - {None}
        tags = {pk for content in contents for pk in content["tags"]}
        self.categories = Category.objects.in_bulk(categories) if len(categories) else {}
        self.tag_names = Tag.objects.in_bulk(tags) if tags else {}

    def format(self, field: Any, content: Content) -> str:
        value = content.get(field.name)
        if value is None or value == "":
            return ""
        if isinstance(field, RichTextField):
            return html_to_text(value)
        if isinstance(field, models.ForeignKey):
            return str(self.categories.get(value, gettext("deleted")))
        if isinstance(field, models.BooleanField):
            return gettext("Yes") if value else gettext("No")
        if isinstance(field, models.DateTimeField):
            return _format_time(parse_datetime(value))
        return str(value)

    def format_tags(self, tag_ids: list[int]) -> str:
        return ", ".join(str(self.tag_names.get(pk, gettext("deleted"))) for pk in tag_ids)


def _format_time(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'Y-m-d H:i:s')} ({time_zone_name()})"


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
