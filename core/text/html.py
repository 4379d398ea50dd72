"""Extract text from HTML: on one line, in blocks with links and pictures, or as a plain e-mail.

All code that extracts text from HTML uses `parse_html`.
"""

import re
from collections import Counter
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
CELL_TAGS = {"td", "th"}
PARAGRAPH_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"}
LINE_TAGS = {
    *PARAGRAPH_TAGS, "address", "article", "aside", "blockquote", "br", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header",
    "hgroup", "hr", "legend", "li", "main", "menu", "nav", "pre", "search", "section", "summary",
    "tbody", "tfoot", "thead", "tr",
}  # fmt: skip
SCRIPT_TAGS = {"script", "style", "noscript", "template"}
EMBEDDED_TAGS = {
    "applet", "audio", "canvas", "embed", "iframe", "math", "noembed", "noframes", "object", "svg",
    "video",
}  # fmt: skip
# The content of these is not part of the text: programs, fallbacks, forms, data of Word.
HIDDEN_TAGS = {
    *SCRIPT_TAGS, *EMBEDDED_TAGS, "button", "datalist", "select", "textarea", "title", "xml",
}  # fmt: skip

# Limits for untrusted HTML: nh3 takes minutes for deeply nested tags.
MAX_HTML_LENGTH = 200_000  # characters
MAX_DEPTH = 5000
TAG_NAME = re.compile("<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
UNNESTED_TAGS = {"br", "hr", "img", "input", "li", "p", "td", "th", "tr", "wbr"}
TAG_OR_HIDDEN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(sorted(HIDDEN_TAGS))})\b.*?(?:</\1\b[^>]*>?|\Z)|<[^<>]{{0,1000}}>",
    re.DOTALL | re.IGNORECASE,
)
# Many of these make nh3 slow.
LONE_AMPERSAND = re.compile(r"&(?![#a-zA-Z])")
CDATA_START = "<![cdata["
CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>", re.IGNORECASE)
CELL = re.compile(r"<(?=/?t[dh]\b)", re.IGNORECASE)
HIDDEN = re.compile(rf"<(?=(?:{'|'.join(sorted(HIDDEN_TAGS))})\b)", re.IGNORECASE)
MAX_QUOTE_DEPTH = 5
WEB_URL = re.compile("https?://", re.IGNORECASE)


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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append(Tag(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(Tag(tag, {}, is_closing=True))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def parse_html(html: str) -> list[Tag | str]:
    """The tags and texts of `html` in order, without comments and the content of HIDDEN_TAGS.

    `html` may be malicious or malformed: nothing is run or loaded. nh3 reads it first, as browsers
    do: Python's own parser raises errors, shows unclosed comments, and takes minutes for some
    input.
    """
    if _depth(html) > MAX_DEPTH:
        return _split_at_tags(html)
    html = HIDDEN.sub(" <", html)
    if "<table" not in html:
        html = CELL.sub(" <", html)  # nh3 removes these tags if there is no table
    parser = _Parser()
    parser.feed(READER.clean(LONE_AMPERSAND.sub("&amp;", remove_cdata_marks(html))))
    parser.close()
    return parser.pieces


READER = nh3.Cleaner(
    tags=INLINE_TAGS | LINE_TAGS | CELL_TAGS | {"img"},
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    clean_content_tags=HIDDEN_TAGS,
    link_rel=None,
)


def remove_cdata_marks(html: str) -> str:
    """`html` with the content of CDATA sections in place of the sections.

    HTML has no such sections: in a browser they are comments up to the first `>`.
    """
    return CDATA_MARK.sub("", html) if CDATA_START in html.lower() else html


def _split_at_tags(html: str) -> list[Tag | str]:
    """The texts between the tags of `html`, each on a line of its own."""
    texts = [text for text in TAG_OR_HIDDEN.sub("<", html).split("<") if text.strip()]
    return [piece for text in texts for piece in (unescape(text), Tag("br", {}))]


def _depth(html: str) -> int:
    """How deep the tags of `html` are nested at most, if all are closed by their own end tag."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    for slash, name in TAG_NAME.findall(html):
        if (name := name.lower()) in UNNESTED_TAGS:
            continue
        if not slash:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest


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
    return truncate_text(" ".join(read_html(html).blocks), max_length)


def truncate_text(text: str, max_length: int) -> str:
    """The first words of `text`, up to `max_length` characters, with an ellipsis if cut."""
    if len(text) <= max_length:
        return text
    cut = text[: max_length - 1]
    # Chinese has no spaces to cut at.
    words = cut.rpartition(" ")[0] if " " in cut[max_length // 2 :] else cut
    return f"{words.rstrip(' ,;:')}…"


def html_to_lines(html: str) -> str:
    """The text of `html` as a plain e-mail: quotations after `> `, each link before its URL."""
    writer = _LineWriter()
    for piece in parse_html(html[:MAX_HTML_LENGTH]):
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
            url = piece.attributes.get("href", "").strip()
            if WEB_URL.match(url):
                self.link_url, self.link_start = url, len(self.texts)
        elif piece.name in CELL_TAGS:
            self.texts.append("" if piece.is_closing else " ")
        elif piece.name in LINE_TAGS:
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
