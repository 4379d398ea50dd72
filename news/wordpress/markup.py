"""Converts the HTML of a WordPress post to this site's rich text."""

import re
from typing import NamedTuple

import nh3
from bs4 import BeautifulSoup, Tag
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from news.wordpress.attachments import link_text
from news.wordpress.item_context import ItemContext
from news.wordpress.paragraphs import add_paragraphs
from news.wordpress.shortcodes import replace_code, replace_shortcodes

MAX_SUMMARY_LENGTH = 500
MORE = re.compile(r"<!--more[^<>]*-->")
PAGE_BREAK = re.compile(r"<!--nextpage-->")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BLOCK_COMMENT = re.compile(r"<!--\s*wp:")
EMPTY_BLOCK = re.compile(r"<!--\s*wp:(?:core/)?([a-z][\w/-]*)\s+(\{[^<>]*\}\s*)?/-->")
BLOCK_ID = re.compile(r'"ref"\s*:\s*(\d+)')
SILENT_BLOCKS = {"more", "nextpage", "page-list", "separator", "spacer"}
MAX_BLOCK_DEPTH = 3
BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*[\"']?([^\"')\s]+)")
SINGLE_URL = re.compile(r"https?://\S+")
ATTACHMENT_ID = re.compile(r"wp-image-(\d+)")
ALIGNMENT_CLASS = re.compile(r"(?:^|\b)(?:has-text-)?align-?(left|center|right|justify)$")
ALIGNMENT_STYLE = re.compile(r"text-align\s*:\s*(left|center|right|justify)")
PLAYERS = ["iframe", "video", "audio", "embed", "object"]
ALIGNABLE = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "div", "figure", "img"]
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "table", "figure", "blockquote", "pre", "div", "hr"}

# Only repairs the nesting of tags; the rich text field decides what is allowed.
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


class ConvertedText(NamedTuple):
    body: str
    summary: str


def convert_markup(content: str, excerpt: str, context: ItemContext) -> ConvertedText:
    """`content` with the imported pictures, new URLs and no shortcodes.

    The summary is the excerpt or, without one, the text before `<!--more-->`.
    """
    is_in_blocks = bool(BLOCK_COMMENT.search(content))
    content = _replace_empty_blocks(replace_code(content), context)
    content, page_breaks = PAGE_BREAK.subn("\n\n", content)
    if page_breaks:
        context.note(_("page breaks removed: %(number)d") % {"number": page_breaks})
    before, more, after = _split_at_more(content)
    html = remove_comments(before + after)
    html = replace_shortcodes(html, context.find_gallery, context.note)
    html = add_paragraphs(html, breaks=not is_in_blocks)
    soup = BeautifulSoup(TIDY.clean(html), "html.parser")
    _show_backgrounds(soup)
    _replace_players(soup, context)
    _link_single_urls(soup)
    _replace_pictures(soup, context)
    _replace_links(soup, context)
    _convert_alignment(soup)
    _simplify_figures(soup)
    _remove_layout(soup)
    return ConvertedText(str(soup).strip(), _build_summary(excerpt or (before if more else "")))


def _split_at_more(content: str) -> tuple[str, str, str]:
    more = MORE.search(content)
    if more is None:
        return content, "", ""
    return content[: more.start()], more[0], content[more.end() :]


def remove_comments(html: str) -> str:
    """`html` without comments; one that is not closed stays, and is looked for once only."""
    end = html.rfind("-->") + len("-->")
    return COMMENT.sub("", html[:end]) + html[end:] if end > len("-->") else html


def _replace_empty_blocks(html: str, context: ItemContext, depth: int = 1) -> str:
    """`html` with the content of its reusable blocks; other blocks without content are reported."""

    def replace(block: re.Match[str]) -> str:
        if block[1] == "block":
            reference = BLOCK_ID.search(block[2] or "")
            content = context.find_block(reference[1]) if reference else None
            if content is not None and depth <= MAX_BLOCK_DEPTH:
                return _replace_empty_blocks(content, context, depth + 1)
            context.note(_("reusable block not included in the export"))
        elif block[1] not in SILENT_BLOCKS:
            context.note(_("block “%(name)s” removed") % {"name": block[1]})
        return ""

    return EMPTY_BLOCK.sub(replace, html)


def _build_summary(html: str) -> str:
    html = remove_comments(replace_code(html))
    html = replace_shortcodes(html, lambda kind, values: [], lambda reason: None)
    soup = BeautifulSoup(html, "html.parser")
    for figure in soup("figure"):
        figure.decompose()
    return Truncator(" ".join(soup.get_text(" ").split())).chars(MAX_SUMMARY_LENGTH)


def _show_backgrounds(soup: BeautifulSoup) -> None:
    """Make a picture of the background of a box, such as a cover block."""
    for box in soup("div"):
        if found := BACKGROUND.search(str(box.get("style", ""))):
            figure = soup.new_tag("figure")
            figure.append(soup.new_tag("img", attrs={"src": found[1], "alt": ""}))
            box.insert(0, figure)


def _replace_players(soup: BeautifulSoup, context: ItemContext) -> None:
    """Replace videos, maps and sounds with links, so that no page loads from other hosts."""
    for player in soup(PLAYERS):
        source = player.find("source")
        inner = source.get("src") if isinstance(source, Tag) else None
        url = str(player.get("src") or player.get("data") or inner or "")
        if url:
            new = context.find_link(url)
            if new is None or new == url:
                context.note(_("embedded content replaced with a link: %(url)s") % {"url": url})
            link = _build_link(soup, url)
            player.replace_with(link)
            if link.find_parent("p") is None:
                link.wrap(soup.new_tag("p"))
        else:
            player.decompose()


def _build_link(soup: BeautifulSoup, url: str) -> Tag:
    url = f"https:{url}" if url.startswith("//") else url
    link = soup.new_tag("a", href=url)
    link.string = link_text(url)
    return link


def _link_single_urls(soup: BeautifulSoup) -> None:
    """Make links of URLs in a paragraph of their own, which WordPress shows as videos."""
    for paragraph in soup("p"):
        text = paragraph.get_text().strip()
        if not paragraph.find("a") and SINGLE_URL.fullmatch(text):
            paragraph.clear()
            paragraph.append(_build_link(soup, text))


def _replace_pictures(soup: BeautifulSoup, context: ItemContext) -> None:
    """Use the imported pictures; a missing one is removed with its caption."""
    for image in soup("img"):
        found = ATTACHMENT_ID.search(_classes(image))
        picture = context.find_picture(str(image.get("src", "")), found[1] if found else "")
        if picture is None:
            _remove_picture(image)
            continue
        width, height = str(image.get("width", "")), str(image.get("height", ""))
        if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= picture.width):
            width, height = str(picture.width), str(picture.height)
        image["src"] = picture.file.url
        image["width"], image["height"] = width, height


def _remove_picture(image: Tag) -> None:
    figure = image.find_parent("figure")
    if figure is not None and len(figure("img")) == 1:
        figure.decompose()
        return
    link = image.find_parent("a")
    image.decompose()
    if link is not None and not link.get_text(strip=True) and not link.find("img"):
        link.decompose()


def _replace_links(soup: BeautifulSoup, context: ItemContext) -> None:
    for link in soup("a"):
        url = str(link.get("href", ""))
        if not url:
            link.unwrap()
        elif (new := context.find_link(url)) is not None:
            link["href"] = new


def _convert_alignment(soup: BeautifulSoup) -> None:
    """Convert `aligncenter`, `has-text-align-center` and `text-align: center`."""
    for center in soup("center"):
        center.name = "div"
        center["class"] = "aligncenter"
    for tag in soup(True):
        words = [ALIGNMENT_CLASS.search(word) for word in _classes(tag).split()]
        style = ALIGNMENT_STYLE.search(str(tag.get("style", "")))
        alignment = next((word[1] for word in words if word), style[1] if style else "")
        del tag["class"], tag["style"]
        if tag.name in ALIGNABLE and alignment:
            tag["class"] = f"align-{alignment}"


def _simplify_figures(soup: BeautifulSoup) -> None:
    """Leave one figure for each picture; remove those around tables, lists and other figures."""
    for figure in soup("figure"):
        pictures = figure("img")
        if len(pictures) != 1 or figure.find(["figure", "table"]):
            for caption in figure.find_all("figcaption", recursive=False):
                caption.name = "p"
            figure.unwrap()
            continue
        if _classes(figure) == "align-center":
            figure.wrap(soup.new_tag("div", attrs={"class": "align-center"}))
            del figure["class"]
        figure["class"] = f"image {_classes(figure)}".strip()
    for list_item in soup("li"):
        if list_item.find("figure"):
            list_item.unwrap()
    for list_tag in soup(["ul", "ol"]):
        if list_tag.find("figure", recursive=False) and not list_tag.find("li"):
            list_tag.unwrap()


def _remove_layout(soup: BeautifulSoup) -> None:
    """Remove elements that are only layout, and empty paragraphs."""
    for term in soup(["dt", "dd", "summary"]):
        term.name = "p"
    for box in soup(["p", "div"]):
        if not box.get_text(strip=True) and not box.find(["img", "hr"]):
            box.decompose()
    for box in soup(["p", "div", "section", "article", "details", "dl"]):
        inner = [child for child in box.children if str(child).strip()]
        blocks = [child for child in inner if isinstance(child, Tag) and child.name in BLOCKS]
        if (box.name == "p" and blocks) or (not _classes(box) and len(blocks) == len(inner)):
            box.unwrap()


def _classes(tag: Tag) -> str:
    value = tag.get("class") or ""
    return value if isinstance(value, str) else " ".join(value)
