"""`[caption]`, `[gallery]` and whatever else plug-ins put between square brackets."""

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from django.utils.translation import gettext as _

WITHIN = r"""(?:"[^"]*"|'[^']*'|[^\[\]"'])*"""
TAG = re.compile(rf"(\[?)\[(/?)([a-zA-Z][\w-]*)(?=[\s\]/=])({WITHIN})\](\]?)")
CAPTION = re.compile(
    rf"\[(caption|wp_caption)\b({WITHIN})\](.*?)\[/\1\]", re.DOTALL | re.IGNORECASE
)
CAPTIONED = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
EMBED = re.compile(rf"\[embed\b({WITHIN})\](.*?)\[/embed\]", re.DOTALL | re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
WITHOUT_MARKS = {"audio", "gallery", "playlist", "video"}  # taken for one without attributes too
PLAYERS = {"audio", "video"}


class Attachment(NamedTuple):
    """A file of the old site, and what it says of itself."""

    id: str
    address: str
    alt: str
    caption: str


Gallery = Callable[[list[str]], list[Attachment]]
Note = Callable[[str], None]


def resolve(text: str, gallery: Gallery, note: Note) -> str:
    """`text` with HTML in place of its shortcodes.

    `gallery` finds the attachments with the given ids, or all of the post's where there are none.
    What is not known is taken off and told to `note`; the text within it stays. Words between
    brackets that look like no shortcode, as `[sic]`, stay as they are.
    """
    text = CAPTION.sub(_captioned, text)
    text = EMBED.sub(lambda embed: _link(embed[2].strip()), text)
    closed = {tag[3].lower() for tag in TAG.finditer(text) if tag[2]}

    def replaced(tag: re.Match[str]) -> str:
        name, attributes = tag[3].lower(), tag[4]
        if tag[1] and tag[5]:  # [[name]] is how WordPress shows a shortcode
            return tag[0][1:-1]
        is_one = tag[2] or name in closed | WITHOUT_MARKS or re.search(r"[=]|/$", attributes)
        if not is_one and not re.search(r"[_-]", name):
            return tag[0]
        given = dict(_attributes(attributes))
        if name == "gallery":
            ids = re.findall(r"\d+", given.get("ids") or given.get("include") or "")
            inner = _gallery(gallery(ids))
        else:
            if not tag[2]:
                note(_("shortcode [%(name)s] taken off") % {"name": name})
            file = next((value for value in given.values() if value.startswith("http")), "")
            inner = _link(file) if name in PLAYERS and file else ""
        return f"{tag[1]}{inner}{tag[5]}"

    return TAG.sub(replaced, text)


def _attributes(text: str) -> list[tuple[str, str]]:
    return [
        (found[1].lower(), found[2] or found[3] or found[4] or "")
        for found in ATTRIBUTE.finditer(text)
    ]


def _captioned(shortcode: re.Match[str]) -> str:
    attributes = dict(_attributes(shortcode[2]))
    picture = CAPTIONED.fullmatch(shortcode[3])
    if picture is None:
        return shortcode[3]
    caption = picture[2].strip() or escape(attributes.get("caption", ""))
    return _figure(picture[1], caption, attributes.get("align", ""))


def _gallery(attachments: list[Attachment]) -> str:
    return "".join(
        _figure(
            f'<img class="wp-image-{file.id}" src="{escape(file.address)}" '
            f'alt="{escape(file.alt)}">',
            escape(file.caption),
        )
        for file in attachments
    )


def _figure(picture: str, caption: str, align: str = "") -> str:
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'\n\n<figure class="{escape(align)}">{picture}{below}</figure>\n\n'


def _link(address: str) -> str:
    return f'\n\n<p><a href="{escape(address)}">{escape(address)}</a></p>\n\n'
