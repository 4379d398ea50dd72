"""What one version says otherwise than another: word by word, for people who read no markup."""

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

from core.richtext.cleaning import BLOCKS, TABLES, clean
from core.richtext.fields import RichTextField
from core.text.html import parse_html
from news.versions import Content, content_fields

MOST_WORDS = 4000  # of one passage that are compared word by word
NOT_SHOWN = {"cover_width", "cover_height"}

# Chinese, Japanese and Korean are written without spaces: every sign counts as a word.
SIGN = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
WORD = re.compile(rf"[{SIGN}]|(?:(?![{SIGN}])\w)+|\s+|.", re.DOTALL)

# A piece of the first text and what stands in its place in the second; alike where nothing changed.
Piece = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """A field that differs: `marked` in one text, `before` and `after` side by side."""

    label: str
    marked: SafeString
    before: SafeString
    after: SafeString
    pictures: tuple[str, str] | None = None


def compare(before: Content, after: Content) -> list[Change]:
    """The fields in which two contents differ, in the order of the form."""
    names = [field for field in content_fields() if field.name not in NOT_SHOWN]
    said = _Words(before, after)
    changes = [
        _change(field.name, _label(field), said.of(field, before), said.of(field, after), field)
        for field in sorted(names, key=lambda field: field.creation_counter)
        if _differs(field, before, after)
    ]
    if before["tags"] != after["tags"]:
        tags = said.tags(before["tags"]), said.tags(after["tags"])
        changes.append(_change("tags", gettext("Tags"), *tags))
    return changes


def changed_labels(before: Content, after: Content) -> list[str]:
    """The names of the fields in which two contents differ."""
    labels = [
        _label(field)
        for field in content_fields()
        if field.name not in NOT_SHOWN and _differs(field, before, after)
    ]
    return [*labels, gettext("Tags")] if before["tags"] != after["tags"] else labels


def _differs(field: Any, before: Content, after: Content) -> bool:
    old, new = before.get(field.name) or "", after.get(field.name) or ""
    return old != new and not (isinstance(field, RichTextField) and same_markup(old, new))


def same_markup(before: str, after: str) -> bool:
    """Whether two rich texts differ in white space at most, as the editor writes it anew."""
    return _folded(before) == _folded(after)


def _folded(html: str) -> str:
    html = re.sub(r"\s+", " ", html)
    return re.sub(rf" ?(</?(?:{'|'.join(BLOCKS | TABLES)})(?: [^>]*)?>) ?", r"\1", html).strip()


def _label(field: Any) -> str:
    from news.models import Article

    own: Any = Article._meta.get_field(field.name)
    return capfirst(str(own.verbose_name))


def _change(name: str, label: str, before: str, after: str, field: Any = None) -> Change:
    pieces = difference(before, after)
    pictures = None
    if name == "cover":
        pictures = tuple(default_storage.url(file) if file else "" for file in (before, after))
    return Change(
        label=label,
        marked=_html(pieces, deleted=True, inserted=True),
        before=_html(pieces, deleted=True),
        after=_html(pieces, inserted=True),
        pictures=pictures,  # type: ignore[arg-type]
    )


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
    """The two texts in pieces: first by lines, then by words within the lines that differ."""
    pieces: list[Piece] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for is_same, old_lines, new_lines in _runs(old, new):
        one, other = "".join(old_lines), "".join(new_lines)
        if is_same:
            pieces.append((one, one))
        else:
            pieces += _by_words(one, other)
    return pieces


def _by_words(before: str, after: str) -> list[Piece]:
    old, new = WORD.findall(before), WORD.findall(after)
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return [(before, after)]
    return [("".join(one), "".join(other)) for _same, one, other in _runs(old, new)]


def _runs(old: list[str], new: list[str]) -> list[tuple[bool, list[str], list[str]]]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(tag == "equal", old[a:b], new[c:d]) for tag, a, b, c, d in codes]


class _Words:
    """How values are written for people; the names of categories and tags in a query each."""

    def __init__(self, *contents: Content) -> None:
        from news.models import Category, Tag

        categories = {content.get("category") for content in contents} - {None}
        tags = {pk for content in contents for pk in content["tags"]}
        self.categories = Category.objects.in_bulk(categories) if len(categories) else {}
        self.tag_names = Tag.objects.in_bulk(tags) if tags else {}

    def of(self, field: Any, content: Content) -> str:
        value = content.get(field.name)
        if value is None or value == "":
            return ""
        if isinstance(field, RichTextField):
            return text_of(value)
        if isinstance(field, models.ForeignKey):
            return str(self.categories.get(value, gettext("deleted since")))
        if isinstance(field, models.BooleanField):
            return gettext("Yes") if value else gettext("No")
        if isinstance(field, models.DateTimeField):
            return _time(parse_datetime(value))
        return str(value)

    def tags(self, numbers: list[int]) -> str:
        return ", ".join(str(self.tag_names.get(pk, gettext("deleted since"))) for pk in numbers)


def _time(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'Y-m-d H:i:s')} ({timezone.get_current_timezone_name()})"


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


def text_of(html: str) -> str:
    """Rich text as lines, with its markup shown by signs as in a plain e-mail."""
    texts: list[str] = []
    link_urls: list[str] = []
    for piece in parse_html(clean(html)):
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
                texts.append(f"[{gettext('picture')}: {alt} {src}]")
            texts.append(OPENING_MARKS.get(piece.name, ""))
    return re.sub(r"\n{2,}", "\n", "".join(texts)).strip("\n")
