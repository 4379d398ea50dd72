"""Converts `[caption]`, `[gallery]`, `[code]` and other shortcodes to HTML."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

from django.utils.translation import gettext as _

from news.wordpress.attachments import Attachment, link_text
from news.wordpress.escapes import repair_caption
from news.wordpress.shortcode_names import (
    ATTRIBUTE_NAMES,
    CAPTIONS,
    CODE,
    EMBEDS,
    PLAYERS,
    VIDEO_URLS,
    is_known,
)

MAX_TAG_LENGTH = 20_000  # characters; page builders write long ones
START = re.compile(r"\[(/?)([a-zA-Z][\w-]*)(?=[\s\]/=])")
# A bracket may be inside a quoted value. The star is possessive, so that the time stays linear.
REST = re.compile(r"""((?:=\s?"[^"]*"|=\s?'[^']*'|[^\[\]])*+)\]""")
ATTRIBUTE = re.compile(
    r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|[“”″]([^“”″]*)[“”″]|([^\s"'“”″\]]+))"""
)
QUOTED_ATTRIBUTE = re.compile(r"""\s[a-z_][\w-]*\s*=\s*["']""")
COMPOUND_NAME = re.compile(r"[a-z]+(?:[_-][a-z]+)+")
URL = re.compile(r"(?:(?:https?:)?//|/wp-content/)[^\s\"'<>|,\]]+")
VIDEO_ID = re.compile(r"[\w-]{4,20}")
PICTURE_AND_CAPTION = re.compile(
    r"((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(?:\s*<br\s*/?>)?(.*)", re.DOTALL
)
PARAGRAPH_TAG = re.compile(r"</?p\b[^<>]*>")
TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
PARAGRAPH_BREAK = re.compile(r"</p>\s*<p\b[^<>]*>")
BREAK_TAG = re.compile(r"<br\s*/?>")
BREAK_AT_END = re.compile(r"<br\s*/?>(?=\n)")
OPEN_PRE = re.compile(r"<pre\b[^<>]*>\s*\Z")
BRACKETS = str.maketrans({"[": "&#91;", "]": "&#93;"})
MAX_LINE_START = 200  # characters before inline code that are looked at

FindGallery = Callable[[str, dict[str, str]], list[Attachment]]
AddNote = Callable[[str], None]


class ShortcodeTag(NamedTuple):
    """The opening, closing or only tag of a shortcode, or another word in brackets."""

    start: int
    end: int
    name: str
    attributes: str
    is_closing: bool

    @property
    def is_self_closing(self) -> bool:
        return self.attributes.endswith("/")

    @property
    def values(self) -> dict[str, str]:
        return {
            found[1].lower(): unescape(next((text for text in found.groups()[1:] if text), ""))
            for found in ATTRIBUTE.finditer(self.attributes)
        }


def replace_code(text: str) -> str:
    """`text` with `<pre>` or, inside a line, `<code>` in place of `[code]` and its variants.

    Brackets in the code are escaped, so that they are not taken for shortcodes later.
    """
    output, position = [], 0
    unclosed: set[str] = set()
    for tag in _find_tags(text):
        is_code = tag.name in CODE and not tag.is_closing and not tag.is_self_closing
        if tag.start < position or not is_code or tag.name in unclosed:
            continue
        closing = f"[/{tag.name}]"
        content_end = text.find(closing, tag.end)
        if content_end < 0:
            unclosed.add(tag.name)
            continue
        end = content_end + len(closing)
        if _is_escaped(text, tag.start, end):
            output += [text[position : tag.start - 1], text[tag.start : end].translate(BRACKETS)]
            position = end + 1
            continue
        content = text[tag.end : content_end]
        is_inline = "\n" not in content and _is_inside_a_line(text, tag.start, end)
        is_in_pre = bool(OPEN_PRE.search(text[max(tag.start - MAX_LINE_START, 0) : tag.start]))
        output += [text[position : tag.start], _code_html(content, is_inline, is_in_pre)]
        position = end
    return "".join([*output, text[position:]])


def replace_shortcodes(text: str, find_gallery: FindGallery, note: AddNote) -> str:
    """`text` with HTML in place of its shortcodes.

    `find_gallery` returns the attachments for the name of a shortcode and its attributes. Unknown
    shortcodes are removed and reported to `note`; the text inside them stays. Words in brackets
    that do not look like a shortcode, such as `[sic]` or `[PE-600]`, stay as they are.
    """
    return _Converter(text, find_gallery, note).convert()


def _find_tags(text: str) -> Iterator[ShortcodeTag]:
    position = 0
    while start := START.search(text, position):
        position = start.end()
        if rest := REST.match(text, position, position + MAX_TAG_LENGTH):
            yield ShortcodeTag(start.start(), rest.end(), start[2], rest[1], bool(start[1]))


def _is_escaped(text: str, start: int, end: int) -> bool:
    """Whether this is `[[name]]`, which WordPress shows as `[name]`."""
    return text[start - 1 : start] == "[" and text[end : end + 1] == "]"


def _is_inside_a_line(text: str, start: int, end: int) -> bool:
    before = text[max(start - MAX_LINE_START, 0) : start].rpartition("\n")[2]
    after = text[end : end + MAX_LINE_START].partition("\n")[0]
    return bool(TAG.sub("", before).strip() or TAG.sub("", after).strip())


def _code_html(content: str, is_inline: bool, is_in_pre: bool) -> str:
    # The visual editor writes line breaks as tags and escapes the code; the other one does not.
    if content.startswith("</p>") and content.endswith("<p>"):
        content = PARAGRAPH_BREAK.sub("\n\n", content)
    is_one_line = "\n" not in content
    plain = BREAK_TAG.sub("\n", content) if is_one_line else BREAK_AT_END.sub("", content)
    if not TAG.search(plain):
        content = unescape(plain).replace("\xa0", " ")
    code = escape(content.strip("\r\n").rstrip(), quote=False).translate(BRACKETS)
    if is_in_pre:
        return code
    return f"<code>{code}</code>" if is_inline else f"\n\n<pre><code>{code}</code></pre>\n\n"


class _Converter:
    """Replaces the shortcodes of one text."""

    def __init__(self, text: str, find_gallery: FindGallery, note: AddNote) -> None:
        self.text, self.find_gallery, self.note = text, find_gallery, note
        self.tags = list(_find_tags(text))
        self.closings: dict[str, list[ShortcodeTag]] = defaultdict(list)
        self.first_opening: dict[str, int] = {}
        for tag in self.tags:
            if tag.is_closing:
                self.closings[tag.name].append(tag)
            else:
                self.first_opening.setdefault(tag.name, tag.start)

    def convert(self) -> str:
        output, position = [], 0
        for tag in self.tags:
            if tag.start < position:
                continue
            if not self._is_shortcode(tag):
                self._report_doubtful(tag)
                continue
            start, end = tag.start, tag.end
            closing = self._closing(tag)
            if _is_escaped(self.text, start, end):
                html, start, end = self.text[start:end], start - 1, end + 1
            elif closing and _is_escaped(self.text, start, closing.end):
                html = self.text[start : closing.end]
                start, end = start - 1, closing.end + 1
            else:
                html, end = self._replace(tag, closing)
            output += [self.text[position:start], html]
            position = end
        return "".join([*output, self.text[position:]])

    def _closing(self, tag: ShortcodeTag) -> ShortcodeTag | None:
        """The first closing tag of this name after the opening `tag`."""
        if tag.is_closing or tag.is_self_closing:
            return None
        closings = self.closings.get(tag.name, [])
        index = bisect_right(closings, tag.start, key=lambda closing: closing.start)
        return closings[index] if index < len(closings) else None

    def _is_shortcode(self, tag: ShortcodeTag) -> bool:
        if is_known(tag.name):
            return True
        if tag.is_closing:
            return self.first_opening.get(tag.name, tag.end) < tag.start
        if self._closing(tag):
            return True
        if tag.name in EMBEDS:
            return bool(tag.attributes)
        if tag.attributes.startswith("="):
            return False
        if QUOTED_ATTRIBUTE.search(tag.attributes):
            return True
        has_attribute = tag.is_self_closing or not ATTRIBUTE_NAMES.isdisjoint(tag.values)
        return tag.name.islower() and has_attribute

    def _report_doubtful(self, tag: ShortcodeTag) -> None:
        if not tag.is_closing and not tag.attributes and COMPOUND_NAME.fullmatch(tag.name):
            note = _("[%(name)s] may be a shortcode; it was not removed")
            self.note(note % {"name": tag.name})

    def _replace(self, tag: ShortcodeTag, closing: ShortcodeTag | None) -> tuple[str, int]:
        """The HTML for a shortcode, and the end of the text that it replaces."""
        if tag.is_closing:
            return "", tag.end
        content = self.text[tag.end : closing.start] if closing else ""
        if tag.name in CAPTIONS and closing:
            return self._caption_html(tag, content), closing.end
        if tag.name == "gallery":
            return _gallery_html(self.find_gallery(tag.name, tag.values)), tag.end
        if tag.name in PLAYERS | EMBEDS:
            if html := self._links_html(tag, content):
                return html, closing.end if closing else tag.end
            if tag.name in PLAYERS and not tag.attributes and not closing:
                return self.text[tag.start : tag.end], tag.end  # a word in brackets
        self.note(_("shortcode [%(name)s] removed") % {"name": tag.name})
        return "", tag.end

    def _caption_html(self, tag: ShortcodeTag, content: str) -> str:
        content = replace_shortcodes(content, self.find_gallery, self.note)
        picture = PICTURE_AND_CAPTION.fullmatch(PARAGRAPH_TAG.sub("", content).strip())
        if picture is None:
            return content
        caption = picture[2].strip() or tag.values.get("caption", "")
        return _figure_html(picture[1], caption, tag.values.get("align", ""))

    def _links_html(self, tag: ShortcodeTag, content: str) -> str:
        """Links in place of a player; empty if it names no file and no page."""
        urls = URL.findall(unescape(tag.attributes))
        if "=" in tag.attributes.partition("//")[0]:
            urls = urls[:1]  # the others are the same recording in other formats
        urls = urls or URL.findall(unescape(content))
        if not urls and tag.name in VIDEO_URLS:
            words = [
                tag.values.get("id") or tag.values.get("clip_id", ""),
                content.strip(),
                tag.attributes.strip(" ="),
            ]
            ids = [word for word in words if VIDEO_ID.fullmatch(word)]
            urls = [VIDEO_URLS[tag.name] % video_id for video_id in ids[:1]]
        if not urls and tag.name in PLAYERS:
            urls = [file.url for file in self.find_gallery(tag.name, tag.values)]
        urls = [f"https:{url}" if url.startswith("//") else url for url in urls]
        return "".join(map(_link_html, urls))


def _gallery_html(attachments: list[Attachment]) -> str:
    return "".join(
        _figure_html(
            f'<img class="wp-image-{attachment.id}" src="{escape(attachment.url)}" '
            f'alt="{escape(attachment.alt)}">',
            attachment.caption,
        )
        for attachment in attachments
    )


def _figure_html(picture: str, caption: str, align: str = "") -> str:
    caption = repair_caption(caption)
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'\n\n<figure class="{escape(align)}">{picture}{below}</figure>\n\n'


def _link_html(url: str) -> str:
    return f'\n\n<p><a href="{escape(url)}">{escape(link_text(url))}</a></p>\n\n'
