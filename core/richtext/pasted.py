"""HTML as Google Docs and Word copy it: lists, bold and italic text that they write as styles."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import nh3

from core.text.html import HIDDEN_TAGS, INLINE_TAGS, LINE_TAGS

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

PASTED = re.compile("docs-internal-guid|class=[\"']?mso|mso-list|<o:p")  # in lower case
PASTED_WORDS = ("docs-internal-guid", "mso", "<o:p")  # found faster than the pattern

BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
ITALIC = re.compile(r"font-style:\s*italic")
NORMAL = re.compile(r"font-weight:\s*(?:normal|400)")
LIST_LEVEL = re.compile(r"mso-list:[^;]*\blevel([1-9])")
LIST_MARKER = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
NUMBER = re.compile(r"\(?(?:[0-9]{1,4}|[a-z]{1,4})[.)]", re.IGNORECASE)

READER = nh3.Cleaner(
    tags=INLINE_TAGS | LINE_TAGS | {"img", "td", "th"},
    attributes={
        "*": {"class", "id", "role", "style"},
        "a": {"href", "title"},
        "img": {"src", "alt", "width", "height"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    },
    clean_content_tags=HIDDEN_TAGS,
    link_rel=None,
)


def convert_pasted(html: str) -> str:
    """`html` with tags in place of the styles of Google Docs and Word; other HTML as it is."""
    lower = html.lower()
    if not any(word in lower for word in PASTED_WORDS) or not PASTED.search(lower):
        return html
    from bs4 import BeautifulSoup  # only if used, because it is large

    soup = BeautifulSoup(READER.clean(html), "html.parser")
    for wrapper in soup.find_all(["b", "span"]):
        style = _attribute(wrapper, "style")
        if _attribute(wrapper, "id").startswith("docs-internal-guid") or (
            wrapper.name == "b" and NORMAL.search(style)
        ):
            wrapper.unwrap()
        elif wrapper.name == "span" and BOLD.search(style):
            wrapper.name = "strong"
        elif wrapper.name == "span" and ITALIC.search(style):
            wrapper.name = "em"
    for line_break in soup.find_all("br", class_="Apple-interchange-newline"):
        line_break.decompose()
    for paragraph in soup.select("li > p[role=presentation]"):
        paragraph.unwrap()
    for paragraphs in _word_lists(soup):
        _build_list(soup, paragraphs)
    return str(soup)


def _word_lists(soup: "BeautifulSoup") -> Iterator["list[Tag]"]:
    """The paragraphs that Word shows as list items, grouped by list."""
    group: list[Tag] = []
    for paragraph in soup.find_all("p"):
        if not LIST_LEVEL.search(_attribute(paragraph, "style")):
            continue
        if group and paragraph.find_previous_sibling(True) is not group[-1]:
            yield group
            group = []
        group.append(paragraph)
    if group:
        yield group


def _build_list(soup: "BeautifulSoup", paragraphs: "list[Tag]") -> None:
    """Replace `paragraphs` by a list, with a list in the last item for each deeper level."""
    lists: list[tuple[int, Tag]] = []  # the open ones, with their levels
    for paragraph in paragraphs:
        found = LIST_LEVEL.search(_attribute(paragraph, "style"))
        level = int(found[1]) if found else 1
        marker = paragraph.find("span", style=LIST_MARKER)
        text = marker.get_text().strip() if marker else ""
        if marker:
            marker.decompose()
        while len(lists) > 1 and lists[-1][0] > level:
            lists.pop()
        if not lists or lists[-1][0] < level:
            new = soup.new_tag("ol" if NUMBER.fullmatch(text) else "ul")
            if lists:
                lists[-1][1].find_all("li", recursive=False)[-1].append(new)
            else:
                paragraph.insert_before(new)
            lists.append((level, new))
        paragraph.name, paragraph.attrs = "li", {}
        lists[-1][1].append(paragraph.extract())


def _attribute(tag: "Tag", name: str) -> str:
    return str(tag.get(name) or "")
