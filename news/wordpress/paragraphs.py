"""Paragraphs for texts of the classic editor, which keeps them as empty lines."""

import re

# What a paragraph cannot hold; of these, the first kind holds paragraphs of its own.
HOLDERS = "address|article|aside|blockquote|center|div|footer|header|main|section"
BLOCKS = (
    f"{HOLDERS}|caption|col|colgroup|dd|details|dl|dt|fieldset|figcaption|figure|form|h[1-6]|hr|"
    "iframe|li|ol|p|pre|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
KEPT = re.compile(r"<(pre|script|style|textarea)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
OPENING = re.compile(rf"<(?:{BLOCKS})\b[^>]*>", re.IGNORECASE)
OPENED = re.compile(rf"<(?:{HOLDERS})\b[^>]*>", re.IGNORECASE)
CLOSING = re.compile(rf"</(?:{BLOCKS})\s*>", re.IGNORECASE)
RULE = re.compile(r"<hr\b[^>]*>", re.IGNORECASE)
STARTS_WITH_BLOCK = re.compile(rf"</?(?:{BLOCKS})\b|\0", re.IGNORECASE)
PARAGRAPH = re.compile(r"<p\b", re.IGNORECASE)


def with_paragraphs(text: str, breaks: bool = True) -> str:
    """`text` with `<p>` where empty lines part it, and `<br>` where a line ends within one.

    What the block editor wrote has its paragraphs, and line ends that mean nothing: `breaks` off.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    kept: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n\0{len(kept) - 1}\0\n\n"

    text = KEPT.sub(put_away, text)
    text = OPENING.sub(r"\n\n\g<0>", text)
    text = OPENED.sub(r"\g<0>\n\n", text)
    text = CLOSING.sub(r"\g<0>\n\n", text)
    text = RULE.sub(r"\g<0>\n\n", text)
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", text))
    text = "\n".join(_paragraph(piece, breaks) for piece in pieces if piece)
    return re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], text)


def _paragraph(piece: str, breaks: bool) -> str:
    if STARTS_WITH_BLOCK.match(piece):
        return _lines(piece) if breaks and PARAGRAPH.match(piece) else piece
    # What closes a block at the end of a text belongs to the block.
    end = re.search(r"(?:\s*</\w+>)*$", piece)
    closing = end[0] if end else ""
    text = piece.removesuffix(closing)
    if breaks:
        text = _lines(text)
    return f"<p>{text}{CLOSING.sub('', closing)}</p>{''.join(CLOSING.findall(closing))}"


def _lines(text: str) -> str:
    return re.sub(r"(?<!<br>)\n", "<br>\n", re.sub(r"<br\s*/?>\s*\n", "<br>\n", text))
