"""Adds `<p>` to texts of WordPress's classic editor, which separates paragraphs by empty lines."""

import re

# Elements that cannot be inside a paragraph; the containers have paragraphs inside.
CONTAINERS = "address|article|aside|blockquote|center|div|footer|header|main|section"
BLOCKS = (
    f"{CONTAINERS}|caption|col|colgroup|dd|details|dl|dt|fieldset|figcaption|figure|form|h[1-6]|hr|"
    "iframe|li|ol|p|pre|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
VERBATIM = re.compile(r"<(pre|script|style|textarea)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
OPENING = re.compile(rf"<(?:{BLOCKS})\b[^>]*>", re.IGNORECASE)
OPENING_CONTAINER = re.compile(rf"<(?:{CONTAINERS})\b[^>]*>", re.IGNORECASE)
CLOSING = re.compile(rf"</(?:{BLOCKS})\s*>", re.IGNORECASE)
RULE = re.compile(r"<hr\b[^>]*>", re.IGNORECASE)
STARTS_WITH_BLOCK = re.compile(rf"</?(?:{BLOCKS})\b|\0", re.IGNORECASE)
PARAGRAPH = re.compile(r"<p\b", re.IGNORECASE)


def add_paragraphs(text: str, breaks: bool = True) -> str:
    """`text` with `<p>` for parts between empty lines, and `<br>` for single line breaks.

    Pass `breaks=False` for texts of the block editor, whose line breaks have no meaning.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    verbatim: list[str] = []

    def replace_verbatim(found: re.Match[str]) -> str:
        verbatim.append(found[0])
        return f"\n\n\0{len(verbatim) - 1}\0\n\n"

    text = VERBATIM.sub(replace_verbatim, text)
    text = OPENING.sub(r"\n\n\g<0>", text)
    text = OPENING_CONTAINER.sub(r"\g<0>\n\n", text)
    text = CLOSING.sub(r"\g<0>\n\n", text)
    text = RULE.sub(r"\g<0>\n\n", text)
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", text))
    text = "\n".join(_paragraph(piece, breaks) for piece in pieces if piece)
    return re.sub("\0(\\d+)\0", lambda found: verbatim[int(found[1])], text)


def _paragraph(piece: str, breaks: bool) -> str:
    if STARTS_WITH_BLOCK.match(piece):
        return _add_breaks(piece) if breaks and PARAGRAPH.match(piece) else piece
    # Closing tags at the end of a text belong outside its paragraph.
    end = re.search(r"(?:\s*</\w+>)*$", piece)
    closing = end[0] if end else ""
    text = piece.removesuffix(closing)
    if breaks:
        text = _add_breaks(text)
    return f"<p>{text}{CLOSING.sub('', closing)}</p>{''.join(CLOSING.findall(closing))}"


def _add_breaks(text: str) -> str:
    return re.sub(r"(?<!<br>)\n", "<br>\n", re.sub(r"<br\s*/?>\s*\n", "<br>\n", text))
