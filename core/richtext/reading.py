"""What a rich text holds, read for checks: its words by block, its links, its pictures."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

BREAKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "br",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "div",
}  # fmt: skip
CODE = {"code", "pre"}


class Picture(NamedTuple):
    address: str
    alt: str


class Link(NamedTuple):
    address: str
    words: str


@dataclass
class Content:
    """The parts of a text, each list in the order of the text."""

    blocks: list[str] = field(default_factory=list)  # one line each, code left out
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def read(html: str) -> Content:
    """The parts of `html`, whether or not its tags are closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.content


def beginning(html: str, length: int) -> str:
    """The first words of `html` without its tags, up to `length` characters, and an ellipsis."""
    text = " ".join(read(html).blocks)
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    # Chinese has no spaces to cut at.
    words = cut.rpartition(" ")[0] if " " in cut[length // 2 :] else cut
    return f"{words.rstrip(' ,;:')}…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.content = Content()
        self.words: list[str] = []
        self.code = 0  # tags of code that are open
        self.link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in BREAKS:
            self.end_block()
        if tag in CODE:
            self.code += 1
        elif tag == "img":
            alt = " ".join(values.get("alt", "").split())
            self.content.pictures.append(Picture(values.get("src", ""), alt))
        elif tag == "a" and "href" in values:
            self.end_link()
            self.link = values["href"], []

    def handle_endtag(self, tag: str) -> None:
        if tag in CODE:
            self.code = max(self.code - 1, 0)
        elif tag == "a":
            self.end_link()
        if tag in BREAKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if self.link:
            self.link[1].append(data)
        # An ellipsis where code stood, so that the words around it are no neighbours.
        self.words.append(" … " if self.code else data)

    def end_block(self) -> None:
        if block := " ".join("".join(self.words).split()):
            self.content.blocks.append(block)
        self.words = []

    def end_link(self) -> None:
        if self.link:
            address, words = self.link
            self.content.links.append(Link(address.strip(), " ".join("".join(words).split())))
        self.link = None
