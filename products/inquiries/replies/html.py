"""The words of a mail that was written as a web page."""

from html.parser import HTMLParser

MOST_CHARACTERS = 1_000_000
BREAKS = {
    "address", "article", "blockquote", "br", "center", "div", "dl", "dt", "dd", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}  # fmt: skip
SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"}  # an empty line before
UNSEEN = {"script", "style", "head", "title", "template"}


def text_of(html: str) -> str:
    """The text of `html` in lines; quotations are marked with `> `, links name their address.

    Nothing is run or loaded, and tags that are not closed do no harm.
    """
    reader = _Reader()
    reader.feed(html[:MOST_CHARACTERS])
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines).strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quotes = 0  # quotations that are open
        self.unseen = ""  # the tag whose content nobody sees, while it is open
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.unseen or tag in UNSEEN:
            # A body begins even where the head was not closed.
            self.unseen = "" if tag == "body" else self.unseen or tag
            return
        self._break(tag)
        if tag == "blockquote":
            self.quotes += 1
        elif tag in {"td", "th"}:
            self.words.append(" ")
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "").strip()

    def handle_endtag(self, tag: str) -> None:
        if self.unseen:
            self.unseen = "" if tag == self.unseen else self.unseen
            return
        if tag == "a":
            self._end_link()
        self._break(tag)
        if tag == "blockquote":
            self.quotes = max(self.quotes - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)

    def end_line(self) -> None:
        """Keep what was read since the last break as a line, if there are words in it."""
        if words := " ".join("".join(self.words).split()):
            self.lines.append("> " * min(self.quotes, 5) + words)
        self.words = []

    def _break(self, tag: str) -> None:
        if tag not in BREAKS:
            return
        has_words = bool("".join(self.words).strip())
        self.end_line()
        is_empty_line = tag == "br" and not has_words
        if (tag in SPACED or is_empty_line) and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quotes, 5))

    def _end_link(self) -> None:
        shown = "".join(self.words)
        if self.link.startswith(("http://", "https://")) and self.link.rstrip("/") not in shown:
            self.words.append(f" <{self.link}>")
        self.link = ""
