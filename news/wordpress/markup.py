"""The HTML of a WordPress post as this site keeps it."""

import re
from typing import NamedTuple, Protocol

import nh3
from bs4 import BeautifulSoup, Tag
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.richtext.models import Picture
from news.wordpress.paragraphs import with_paragraphs
from news.wordpress.shortcodes import Attachment, resolve

SUMMARY_LENGTH = 500
MORE = re.compile(r"<!--more.*?-->", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BLOCK_COMMENT = re.compile(r"<!--\s*wp:")
ADDRESS_ALONE = re.compile(r"https?://\S+")
ATTACHMENT_ID = re.compile(r"wp-image-(\d+)")
ALIGNMENT = re.compile(r"(?:^|\b)(?:has-text-)?align-?(left|center|right|justify)$")
STYLED = re.compile(r"text-align\s*:\s*(left|center|right|justify)")
PLAYERS = ["iframe", "video", "audio", "embed", "object"]
ALIGNED = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "div", "figure", "img"]
LEVELS = {"p", "h2", "h3", "h4", "ul", "ol", "table", "figure", "blockquote", "pre", "div", "hr"}

# Only puts tags in order; what is allowed is decided where the text is kept.
TIDY = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS | {*PLAYERS, "source"},
    attributes={
        "*": {"alt", "class", "colspan", "height", "rowspan", "scope", "src", "style", "title"}
        | {"width"},
        "a": {"href"},
        "object": {"data"},
    },
    link_rel=None,
)


class OldSite(Protocol):
    """What a text asks about the site it comes from."""

    def picture(self, address: str, attachment: str) -> Picture | None: ...
    def link(self, address: str) -> str | None: ...
    def gallery(self, ids: list[str]) -> list[Attachment]: ...
    def note(self, reason: str) -> None: ...


class Text(NamedTuple):
    body: str
    summary: str


def convert(content: str, excerpt: str, old: OldSite) -> Text:
    """`content` with our pictures, our addresses and no shortcodes.

    The summary is the excerpt or, where there is none, what stands before `<!--more-->`.
    """
    is_in_blocks = bool(BLOCK_COMMENT.search(content))
    before, more, after = _split(content)
    html = resolve(COMMENT.sub("", before + after), old.gallery, old.note)
    html = with_paragraphs(html, breaks=not is_in_blocks)
    soup = BeautifulSoup(TIDY.clean(html), "html.parser")
    _players(soup, old)
    _lone_addresses(soup)
    _pictures(soup, old)
    _links(soup, old)
    _alignment(soup)
    _figures(soup)
    _boxes(soup)
    return Text(str(soup).strip(), _summary(excerpt or (before if more else "")))


def _split(content: str) -> tuple[str, str, str]:
    more = MORE.search(content)
    if more is None:
        return content, "", ""
    return content[: more.start()], more[0], content[more.end() :]


def _summary(html: str) -> str:
    html = resolve(COMMENT.sub("", html), lambda ids: [], lambda reason: None)
    soup = BeautifulSoup(html, "html.parser")
    for figure in soup("figure"):
        figure.decompose()
    return Truncator(" ".join(soup.get_text(" ").split())).chars(SUMMARY_LENGTH)


def _players(soup: BeautifulSoup, old: OldSite) -> None:
    """A link in place of each video, map or sound: the page loads nothing from other hosts."""
    for player in soup(PLAYERS):
        source = player.find("source")
        inner = source.get("src") if isinstance(source, Tag) else None
        address = str(player.get("src") or player.get("data") or inner or "")
        if address:
            old.note(_("a link stands in for embedded content: %(url)s") % {"url": address})
            link = _link(soup, address)
            player.replace_with(link)
            if link.find_parent("p") is None:
                link.wrap(soup.new_tag("p"))
        else:
            player.decompose()


def _link(soup: BeautifulSoup, address: str) -> Tag:
    address = f"https:{address}" if address.startswith("//") else address
    link = soup.new_tag("a", href=address)
    link.string = address
    return link


def _lone_addresses(soup: BeautifulSoup) -> None:
    """WordPress shows a video where an address has a paragraph to itself; here it is a link."""
    for paragraph in soup("p"):
        text = paragraph.get_text().strip()
        if not paragraph.find("a") and ADDRESS_ALONE.fullmatch(text):
            paragraph.clear()
            paragraph.append(_link(soup, text))


def _pictures(soup: BeautifulSoup, old: OldSite) -> None:
    """Our copies of the pictures; what is missing goes, with its caption."""
    for image in soup("img"):
        found = ATTACHMENT_ID.search(_classes(image))
        picture = old.picture(str(image.get("src", "")), found[1] if found else "")
        if picture is None:
            _without(image)
            continue
        width, height = str(image.get("width", "")), str(image.get("height", ""))
        if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= picture.width):
            width, height = str(picture.width), str(picture.height)
        image["src"] = picture.file.url
        image["width"], image["height"] = width, height


def _without(image: Tag) -> None:
    around = image.find_parent("figure")
    if around is not None and len(around("img")) == 1:
        around.decompose()
        return
    link = image.find_parent("a")
    image.decompose()
    if link is not None and not link.get_text(strip=True) and not link.find("img"):
        link.decompose()


def _links(soup: BeautifulSoup, old: OldSite) -> None:
    for link in soup("a"):
        address = str(link.get("href", ""))
        if not address:
            link.unwrap()
        elif (new := old.link(address)) is not None:
            link["href"] = new


def _alignment(soup: BeautifulSoup) -> None:
    """`aligncenter`, `has-text-align-center` and `text-align: center` are our `align-center`."""
    for center in soup("center"):
        center.name = "div"
        center["class"] = "aligncenter"
    for tag in soup(True):
        words = [ALIGNMENT.search(word) for word in _classes(tag).split()]
        style = STYLED.search(str(tag.get("style", "")))
        way = next((word[1] for word in words if word), style[1] if style else "")
        del tag["class"], tag["style"]
        if tag.name in ALIGNED and way:
            tag["class"] = f"align-{way}"


def _figures(soup: BeautifulSoup) -> None:
    """One figure for each picture; one around tables, lists or other figures is taken off."""
    for item in soup("figure"):
        pictures = item("img")
        if len(pictures) != 1 or item.find(["figure", "table"]):
            for caption in item.find_all("figcaption", recursive=False):
                caption.name = "p"
            item.unwrap()
            continue
        if _classes(item) == "align-center":
            item.wrap(soup.new_tag("div", attrs={"class": "align-center"}))
            del item["class"]
        item["class"] = f"image {_classes(item)}".strip()
    for listed in soup("li"):
        if listed.find("figure"):
            listed.unwrap()
    for emptied in soup(["ul", "ol"]):
        if emptied.find("figure", recursive=False) and not emptied.find("li"):
            emptied.unwrap()


def _boxes(soup: BeautifulSoup) -> None:
    """Take off what only held a layout, and paragraphs in which nothing is left."""
    for term in soup(["dt", "dd", "summary"]):
        term.name = "p"
    for box in soup(["p", "div"]):
        if not box.get_text(strip=True) and not box.find(["img", "hr"]):
            box.decompose()
    for box in soup(["p", "div", "section", "article", "details", "dl"]):
        inner = [child for child in box.children if str(child).strip()]
        blocks = [child for child in inner if isinstance(child, Tag) and child.name in LEVELS]
        if (box.name == "p" and blocks) or (not _classes(box) and len(blocks) == len(inner)):
            box.unwrap()


def _classes(tag: Tag) -> str:
    value = tag.get("class") or ""
    return value if isinstance(value, str) else " ".join(value)
