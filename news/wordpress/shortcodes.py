"""Converts `[caption]`, `[gallery]` and other shortcodes to HTML."""

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from django.utils.translation import gettext as _

ATTRIBUTES = r"""(?:"[^"]*"|'[^']*'|[^\[\]"'])*"""
TAG = re.compile(rf"(\[?)\[(/?)([a-zA-Z][\w-]*)(?=[\s\]/=])({ATTRIBUTES})\](\]?)")
CAPTION = re.compile(
    rf"\[(caption|wp_caption)\b({ATTRIBUTES})\](.*?)\[/\1\]", re.DOTALL | re.IGNORECASE
)
PICTURE_AND_CAPTION = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
EMBED = re.compile(rf"\[embed\b({ATTRIBUTES})\](.*?)\[/embed\]", re.DOTALL | re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
KNOWN_NAMES = {"audio", "gallery", "playlist", "video"}  # shortcodes even without attributes
PLAYERS = {"audio", "video"}


class Attachment(NamedTuple):
    """A file of the old site, with its alternative text and caption."""

    id: str
    url: str
    alt: str
    caption: str


FindGallery = Callable[[list[str]], list[Attachment]]
AddNote = Callable[[str], None]


def replace_shortcodes(text: str, find_gallery: FindGallery, note: AddNote) -> str:
    """`text` with HTML in place of its shortcodes.

    `find_gallery` returns the attachments with the given ids, or all of the post's if there are
    none. An unknown shortcode is removed and reported to `note`; the text inside it stays. Words in
    brackets that do not look like a shortcode, such as `[sic]`, stay as they are.
    """
    text = CAPTION.sub(_replace_caption, text)
    text = EMBED.sub(lambda embed: _link_html(embed[2].strip()), text)
    closed = {tag[3].lower() for tag in TAG.finditer(text) if tag[2]}

    def replace(tag: re.Match[str]) -> str:
        name, attributes = tag[3].lower(), tag[4]
        if tag[1] and tag[5]:  # [[name]] is how WordPress shows a shortcode
            return tag[0][1:-1]
        is_shortcode = tag[2] or name in closed | KNOWN_NAMES or re.search(r"[=]|/$", attributes)
        if not is_shortcode and not re.search(r"[_-]", name):
            return tag[0]
        values = dict(_attributes(attributes))
        if name == "gallery":
            ids = re.findall(r"\d+", values.get("ids") or values.get("include") or "")
            html = _gallery_html(find_gallery(ids))
        else:
            if not tag[2]:
                note(_("shortcode [%(name)s] removed") % {"name": name})
            url = next((value for value in values.values() if value.startswith("http")), "")
            html = _link_html(url) if name in PLAYERS and url else ""
        return f"{tag[1]}{html}{tag[5]}"

    return TAG.sub(replace, text)


def _attributes(text: str) -> list[tuple[str, str]]:
    return [
        (found[1].lower(), found[2] or found[3] or found[4] or "")
        for found in ATTRIBUTE.finditer(text)
    ]


def _replace_caption(shortcode: re.Match[str]) -> str:
    attributes = dict(_attributes(shortcode[2]))
    picture = PICTURE_AND_CAPTION.fullmatch(shortcode[3])
    if picture is None:
        return shortcode[3]
    caption = picture[2].strip() or escape(attributes.get("caption", ""))
    return _figure_html(picture[1], caption, attributes.get("align", ""))


def _gallery_html(attachments: list[Attachment]) -> str:
    return "".join(
        _figure_html(
            f'<img class="wp-image-{attachment.id}" src="{escape(attachment.url)}" '
            f'alt="{escape(attachment.alt)}">',
            escape(attachment.caption),
        )
        for attachment in attachments
    )


def _figure_html(picture: str, caption: str, align: str = "") -> str:
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'\n\n<figure class="{escape(align)}">{picture}{below}</figure>\n\n'


def _link_html(url: str) -> str:
    return f'\n\n<p><a href="{escape(url)}">{escape(url)}</a></p>\n\n'
