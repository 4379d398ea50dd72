"""Which HTML an article may hold. Cleaned when it is saved, and again when it is shown.

What the editor offers (core/richtext/editor.py) is what is let through here.
"""

import re

import nh3
from django.conf import settings

BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "br"}
TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
INLINES = {"a", "strong", "em", "u", "s", "sub", "sup", "code"}
PICTURES = {"img", "figure", "figcaption", "div"}  # a div holds the figure that is centred
EMBEDDED = {"iframe", "object", "embed", "applet", "svg", "math", "audio", "video"}
CONTROLS = {"form", "select", "textarea", "button"}
GONE_WITH_CONTENT = {"script", "style", "noscript", "template", "title", *EMBEDDED, *CONTROLS}

# An older or foreign name, and the one that is let through.
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "strike": "s", "del": "s"}

ALIGNED = {"align-left", "align-center", "align-right", "align-justify"}
CLASSES = {
    **dict.fromkeys(("p", "h2", "h3", "h4", "li", "td", "th", "div", "img"), ALIGNED),
    "figure": {"image", *ALIGNED},
}
NUMBERS = {"width", "height", "colspan", "rowspan"}
PASSES = 10
OUTSIDE_REL = "nofollow noopener noreferrer"

# What a browser takes off an address, takes out of it, or reads as a slash, before it looks for
# the host.
AROUND_ADDRESS = "".join(map(chr, range(33)))
WITHIN_ADDRESS = str.maketrans({"\t": None, "\n": None, "\r": None, "\\": "/"})

# These read what nh3 has written: one space before each attribute, its value between quotes, and
# every quote within the value escaped.
ATTRIBUTES = r'((?: [a-z]+="[^"]*")*)'
LINK = re.compile(f"<a{ATTRIBUTES}>")
HREF = re.compile(r' href="([^"]*)"')
PICTURE = re.compile(f"<img{ATTRIBUTES}>")
RENAMED_TAG = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\s/>])", re.IGNORECASE)


def clean_html(html: str) -> str:
    """The allowed part of `html`; cleaning it a second time changes nothing.

    Scripts, styles and embedded pages go with all they hold; of any other tag that is not allowed,
    the text stays. Links to other hosts say that they lead outside; pictures of other hosts go.
    """
    # What is stored comes out of the first pass as it was. Tags that are closed in the wrong order
    # are read anew, and may be put right, until they come out as they went in.
    for _ in range(PASSES):
        before, html = html, _pass(html)
        if html == before:
            break
    return html


def _pass(html: str) -> str:
    html = RENAMED_TAG.sub(lambda tag: f"<{tag[1]}{RENAMED[tag[2].lower()]}", html)
    html = CLEANER.clean(html)
    html = LINK.sub(_mark_link, html)
    return PICTURE.sub(lambda img: img[0] if ' src="' in img[1] else "", html)


def _mark_link(link: re.Match[str]) -> str:
    href = HREF.search(link[1])
    if href and is_external_url(href[1]):
        return f'<a{link[1]} rel="{OUTSIDE_REL}">'
    return link[0]


def is_external_url(address: str) -> bool:
    """Whether a browser that follows `address` may leave this site; `tel:` and `mailto:` do not."""
    address = _as_a_browser_reads(address)
    if address.startswith(("mailto:", "tel:")) or _is_below(address, settings.SITE_URL):
        return False
    return address.startswith("//") or bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", address))


def _as_a_browser_reads(address: str) -> str:
    return address.strip(AROUND_ADDRESS).translate(WITHIN_ADDRESS)


def _is_below(address: str, site: str) -> bool:
    return address == site or address.startswith((f"{site}/", f"{site}?", f"{site}#"))


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that stays, or None where the attribute goes."""
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES[tag]) or None
    if name == "src":
        return _own_picture(value)
    if name in NUMBERS:
        return value if value.isascii() and value.isdecimal() else None
    return value


def _own_picture(address: str) -> str | None:
    """The address of a picture that this site serves, or None.

    One copied from a page of ours comes with the site's own host, which is taken off: the site
    may move.
    """
    address = _as_a_browser_reads(address)
    if _is_below(address, settings.SITE_URL):
        address = address.removeprefix(settings.SITE_URL)
    if address.startswith("/") and not address.startswith("//"):
        return address
    return address if address.startswith(settings.MEDIA_URL) else None


CLEANER = nh3.Cleaner(
    tags=BLOCKS | TABLES | INLINES | PICTURES,
    clean_content_tags=GONE_WITH_CONTENT,
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
