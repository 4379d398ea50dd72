"""The words of a mail that was written as a web page."""

import re
from html import unescape
from html.parser import HTMLParser

import nh3

MOST_CHARACTERS = 200_000
MOST_OPEN = 5000  # tags that are never closed: each more makes every other one slower
TAG = re.compile(r"<[^<>]{0,1000}>")
BREAKS = {
    "address", "article", "blockquote", "br", "center", "div", "dl", "dt", "dd", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}  # fmt: skip
SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"}  # an empty line before
UNSEEN = {"script", "style", "title", "template"}


def text_of(html: str) -> str:
    """The text of `html` in lines; quotations are marked with `> `, links name their address.

    Nothing is run or loaded, and tags that are not closed do no harm. It is put in order first as
    a browser does it: on pages made to hurt, Python's own parser takes minutes.
    """
    html = html[:MOST_CHARACTERS]
    if html.count("<") - 2 * html.count("</") > MOST_OPEN:
        return "\n".join(line for text in TAG.split(html) if (line := unescape(text).strip()))
    ordered = nh3.clean(
        html,
        tags=BREAKS | {"a", "td", "th"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        clean_content_tags=UNSEEN,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(ordered)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines).strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quotes = 0  # quotations that are open
        self.link, self.link_start = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag == "blockquote":
            self.quotes += 1
        elif tag in {"td", "th"}:
            self.words.append(" ")
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "").strip()
            self.link_start = len(self.words)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        self._break(tag)
        if tag == "blockquote":
            self.quotes = max(self.quotes - 1, 0)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def end_line(self) -> None:
        """Keep what was read since the last break as a line, if there are words in it."""
        if words := " ".join("".join(self.words).split()):
            self.lines.append("> " * min(self.quotes, 5) + words)
        self.words, self.link_start = [], 0

    def _break(self, tag: str) -> None:
        if tag not in BREAKS:
            return
        has_words = bool("".join(self.words).strip())
        self.end_line()
        is_empty_line = tag == "br" and not has_words
        if (tag in SPACED or is_empty_line) and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quotes, 5))

    def _end_link(self) -> None:
        shown = "".join(self.words[self.link_start :])
        if self.link and self.link.rstrip("/") not in shown:
            self.words.append(f" <{self.link}>")
        self.link = ""
