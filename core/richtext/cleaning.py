"""The HTML that a rich text may contain: cleaned when it is saved, and again when it is shown.

It allows what the editor offers (core/richtext/editor.py).
"""

import re

import nh3
from django.conf import settings

from core.richtext.pasted import convert_pasted
from core.text.html import HIDDEN_TAGS, remove_cdata_marks

BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "br"}
TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
INLINES = {"a", "strong", "em", "u", "s", "sub", "sup", "code"}
PICTURES = {"img", "figure", "figcaption", "div"}  # a div holds the figure that is centred
REMOVED_WITH_CONTENT = {*HIDDEN_TAGS, "form"}

# Tags that are replaced by an allowed one.
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "strike": "s", "del": "s"}

ALIGNED = {"align-left", "align-center", "align-right", "align-justify"}
CLASSES = {
    **dict.fromkeys(("p", "h2", "h3", "h4", "li", "td", "th", "div", "img"), ALIGNED),
    "figure": {"image", *ALIGNED},
}
NUMBERS = {"width", "height", "colspan", "rowspan"}
MAX_PASSES = 10
EXTERNAL_REL = "nofollow noopener noreferrer"

# What browsers strip from the ends of a URL, remove from it, or read as a slash.
STRIPPED_FROM_URL = "".join(map(chr, range(33)))
REPLACED_IN_URL = str.maketrans({"\t": None, "\n": None, "\r": None, "\\": "/"})

# These match the output of nh3: one space before each attribute, its value in quotes, and quotes in
# the value escaped.
ATTRIBUTES = r'((?: [a-z]+="[^"]*")*)'
LINK = re.compile(f"<a{ATTRIBUTES}>")
HREF = re.compile(r' href="([^"]*)"')
PICTURE = re.compile(f"<img{ATTRIBUTES}>")
# A paragraph or heading without text and pictures, as word processors use for space.
EMPTY_BLOCK = re.compile(
    r'<(p|h[234])(?: class="[^"]*")?>'
    r"(?:\s|&nbsp;|[\u00ad\u200b-\u200f\u2060\ufeff]|<br>|</?(?:strong|em|u|s|sub|sup|code)>)*"
    r"</\1>\s*"
)
LINE_BREAKS_BETWEEN_BLOCKS = re.compile(
    r"(</(?:p|h[234]|ul|ol|table|blockquote)>\s*)(?:<br>\s*)+(?=<(?:p|h[234]|ul|ol|table|block)|\Z)"
)
RENAMED_TAG = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\s/>])", re.IGNORECASE)


def clean_html(html: str) -> str:
    """Remove what is not allowed from `html`; cleaning the result again changes nothing.

    Every text that is stored or shown as rich text passes here: fields of models and forms, pending
    changes, excerpts and search documents.

    Scripts, styles and embedded pages are removed with their content, other tags without it. Links
    to other hosts are marked as external; pictures from other hosts are removed, and so are empty
    paragraphs.
    """
    html = convert_pasted(html)
    # A stored text does not change in the first pass. Tags that are closed in the wrong order may
    # need several passes until the result is stable.
    for _ in range(MAX_PASSES):
        before, html = html, _clean_once(html)
        if html == before:
            break
    return html


def _clean_once(html: str) -> str:
    html = remove_cdata_marks(html)
    html = RENAMED_TAG.sub(lambda tag: f"<{tag[1]}{RENAMED[tag[2].lower()]}", html)
    html = CLEANER.clean(html)
    html = EMPTY_BLOCK.sub("", LINE_BREAKS_BETWEEN_BLOCKS.sub(r"\1", html))
    html = LINK.sub(_mark_link, html)
    return PICTURE.sub(lambda img: img[0] if ' src="' in img[1] else "", html)


def _mark_link(link: re.Match[str]) -> str:
    href = HREF.search(link[1])
    if href and is_external_url(href[1]):
        return f'<a{link[1]} rel="{EXTERNAL_REL}">'
    return link[0]


def is_external_url(url: str) -> bool:
    """Whether a browser would open `url` on another site; false for `tel:` and `mailto:`."""
    url = _normalize_url(url)
    if url.startswith(("mailto:", "tel:")) or _is_on_site(url, settings.SITE_URL):
        return False
    return url.startswith("//") or bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url))


def _normalize_url(url: str) -> str:
    """`url` as a browser reads it."""
    return url.strip(STRIPPED_FROM_URL).translate(REPLACED_IN_URL)


def _is_on_site(url: str, site: str) -> bool:
    return url == site or url.startswith((f"{site}/", f"{site}?", f"{site}#"))


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The allowed value of an attribute, or None to remove it."""
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES.get(tag, ())) or None
    if name == "src":
        return _own_picture_url(value)
    if name in NUMBERS:
        return value if value.isascii() and value.isdecimal() else None
    return value


def _own_picture_url(url: str) -> str | None:
    """The URL of a picture on this site, or None.

    A picture copied from one of our pages comes with our host, which is removed because the site
    may move.
    """
    url = _normalize_url(url)
    if _is_on_site(url, settings.SITE_URL):
        url = url.removeprefix(settings.SITE_URL)
    if url.startswith("/") and not url.startswith("//"):
        return url
    return url if url.startswith(settings.MEDIA_URL) else None


CLEANER = nh3.Cleaner(
    tags=BLOCKS | TABLES | INLINES | PICTURES,
    clean_content_tags=REMOVED_WITH_CONTENT,
    attributes={
        **{tag: {"class"} for tag in CLASSES},
        "a": {"href", "title"},
        "img": {"class", "src", "alt", "width", "height"},
        "th": {"class", "colspan", "rowspan"},
        "td": {"class", "colspan", "rowspan"},
    },
    tag_attribute_values={"th": {"scope": {"row", "col", "rowgroup", "colgroup"}}},
    set_tag_attribute_values={"img": {"loading": "lazy"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
