"""Extract text from HTML: on one line, in blocks with links and pictures, or as a plain e-mail.

All code that extracts text from HTML uses `parse_html`.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

INLINE_TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var",
}  # fmt: skip
CODE_TAGS = {"code", "pre"}
HIDDEN_TAGS = {"script", "style", "template"}

# Limits for untrusted HTML: nh3 takes minutes for more unclosed tags.
MAX_HTML_LENGTH = 200_000  # characters
MAX_UNCLOSED_TAGS = 5000
ANY_TAG = re.compile(r"<[^<>]{0,1000}>")
# Many of these make nh3 slow.
LONE_AMPERSAND = re.compile(r"&(?![#a-zA-Z])")
LINE_TAGS = {
    "address", "article", "blockquote", "br", "center", "div", "dl", "dt", "dd", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}  # fmt: skip
PARAGRAPH_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"}
CELL_TAGS = {"td", "th"}
MAX_QUOTE_DEPTH = 5


class Tag(NamedTuple):
    name: str
    attributes: dict[str, str]
    is_closing: bool = False


class Link(NamedTuple):
    url: str
    text: str


class Image(NamedTuple):
    url: str
    alt: str


@dataclass
class HtmlContent:
    """The blocks, links and images of a text, each in the order of the text."""

    blocks: list[str] = field(default_factory=list)  # one line each, code replaced by an ellipsis
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Tag | str] = []
        self.hidden_tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN_TAGS:
            self.hidden_tag = tag
        self.pieces.append(Tag(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.hidden_tag:
            self.hidden_tag = ""
        self.pieces.append(Tag(tag, {}, is_closing=True))

    def handle_data(self, data: str) -> None:
        if not self.hidden_tag:
            self.pieces.append(data)


def parse_html(html: str) -> list[Tag | str]:
    """The tags and texts of `html` in order, without scripts, styles and comments."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.pieces


def html_to_text(html: str) -> str:
    """The text of `html` on one line, with a space where anything but an inline tag is."""
    texts = [
        piece if isinstance(piece, str) else "" if piece.name in INLINE_TAGS else " "
        for piece in parse_html(html)
    ]
    return " ".join("".join(texts).split())


def read_html(html: str) -> HtmlContent:
    """The blocks, links and images of `html`."""
    content = HtmlContent()
    block: list[str] = []
    link_url: str | None = None
    link_texts: list[str] = []
    code_depth = 0
    for piece in [*parse_html(html), Tag("a", {}, is_closing=True), Tag("p", {}, is_closing=True)]:
        if isinstance(piece, str):
            link_texts.append(piece)
            # An ellipsis replaces code, so that the words around it do not seem to be adjacent.
            block.append(" … " if code_depth else piece)
            continue
        name, attributes, is_closing = piece
        if name == "a" and (is_closing or "href" in attributes):
            if link_url is not None:
                content.links.append(Link(link_url.strip(), _one_line(link_texts)))
            link_url, link_texts = attributes.get("href"), []
        elif name == "img" and not is_closing:
            image = Image(attributes.get("src", ""), _one_line([attributes.get("alt", "")]))
            content.images.append(image)
        elif name not in INLINE_TAGS:
            if text := _one_line(block):
                content.blocks.append(text)
            block = []
        if name in CODE_TAGS:
            code_depth = max(code_depth + (-1 if is_closing else 1), 0)
    return content


def truncate_html(html: str, max_length: int) -> str:
    """The first words of `html` as text, up to `max_length` characters, with an ellipsis if cut."""
    text = " ".join(read_html(html).blocks)
    if len(text) <= max_length:
        return text
    cut = text[: max_length - 1]
    # Chinese has no spaces to cut at.
    words = cut.rpartition(" ")[0] if " " in cut[max_length // 2 :] else cut
    return f"{words.rstrip(' ,;:')}…"


def html_to_lines(html: str) -> str:
    """The text of `html` as a plain e-mail: quotations after `> `, each link before its URL.

    `html` may be malicious: nothing is run or loaded, and unclosed tags are harmless. nh3 repairs
    it first, because Python's own parser takes minutes for some input.
    """
    html = html[:MAX_HTML_LENGTH]
    if html.count("<") - 2 * html.count("</") > MAX_UNCLOSED_TAGS:
        return "\n".join(line for text in ANY_TAG.split(html) if (line := unescape(text).strip()))
    repaired = nh3.clean(
        LONE_AMPERSAND.sub("&amp;", html),
        tags=LINE_TAGS | CELL_TAGS | {"a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        clean_content_tags=HIDDEN_TAGS | {"title"},
        link_rel=None,
    )
    writer = _LineWriter()
    for piece in parse_html(repaired):
        writer.write(piece)
    writer.end_line()
    return "\n".join(writer.lines).strip("\n")


class _LineWriter:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.texts: list[str] = []
        self.quote_depth = 0
        self.link_url = ""
        self.link_start = 0  # index in `texts`

    def write(self, piece: Tag | str) -> None:
        if isinstance(piece, str):
            self.texts.append(piece)
            return
        if piece.name == "a":
            self._end_link()
            if not piece.is_closing:
                self.link_url = piece.attributes.get("href", "").strip()
                self.link_start = len(self.texts)
        elif piece.name in CELL_TAGS:
            self.texts.append("" if piece.is_closing else " ")
        else:
            self._break_line(piece)

    def end_line(self) -> None:
        """Add what was written since the last break as a line, unless it is blank."""
        if text := _one_line(self.texts):
            self.lines.append(self._prefix + text)
        self.texts, self.link_start = [], 0

    @property
    def _prefix(self) -> str:
        return "> " * min(self.quote_depth, MAX_QUOTE_DEPTH)

    def _break_line(self, tag: Tag) -> None:
        is_empty_line = tag.name == "br" and not _one_line(self.texts)
        self.end_line()
        follows_text = self.lines and self.lines[-1].strip("> ")
        if (tag.name in PARAGRAPH_TAGS or is_empty_line) and follows_text:
            self.lines.append(self._prefix)
        if tag.name == "blockquote":
            self.quote_depth = max(self.quote_depth + (-1 if tag.is_closing else 1), 0)

    def _end_link(self) -> None:
        shown = "".join(self.texts[self.link_start :])
        if self.link_url and self.link_url.rstrip("/") not in shown:
            self.texts.append(f" <{self.link_url}>")
        self.link_url = ""


def _one_line(texts: list[str]) -> str:
    return " ".join("".join(texts).split())
