"""Decode text from other systems by its declared or detected character set."""

import codecs
import re
from contextlib import suppress

from core.text.charset_names import codec_name, codecs_for

MAX_DETECTION_BYTES = 50_000
MAX_ERROR_SHARE = 0.05  # of the characters, above which a declared character set is wrong
MIN_UTF_8_SHARE = 0.9  # of the bytes above 0x7F, for UTF-8 with a few broken characters
MIN_MISDECLARED_BYTES = 6
MAX_LINE_START = 200  # bytes before the first one above 0x7F in a line

BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
UNICODE_CODECS = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
LATIN_CODECS = ["cp1252", "cp1250", "cp1254", "cp1257", "mac-roman"]
OTHER_CODECS = [
    *["gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949"],
    *["cp1251", "koi8-r", "cp866", "cp874", "cp1253", "cp1255", "cp1256"],
]
FALLBACK_CODEC = "cp1252"
DEFAULT_CODECS = {"ascii", "cp1252", "iso8859-1", "iso8859-15"}  # often declared by default
LATIN_PREFERENCE = 1.31  # factor of the confidence in the likelier of two codecs

HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
LETTERS = re.compile(rb"[A-Za-z]+")
LETTER_PAIR = re.compile(rb"(?<=[a-z])[\xc0-\xff]{2}(?=[a-z])")  # as in "Größe"
TURKISH_LETTERS = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")  # Icelandic in cp1252
UTF_8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)

# A common character of each set, of two bytes: other sets make rare characters of the same bytes.
COMMON_CHARACTERS = {
    "gb18030": rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]",
    "big5hkscs": rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]",
    "cp932": rb"[\x81-\x83\x88-\x98][\x40-\x7e\x80-\xfc]",
    "cp949": rb"[\xa1-\xa3\xb0-\xc8][\xa1-\xfe]",
}
COMMON_TEXT = {
    codec: re.compile(rb"(?:[\x00-\x7f]|" + character + rb")*+[\x80-\xff]?")
    for codec, character in COMMON_CHARACTERS.items()
}
COMMON_WORD = {
    codec: re.compile(rb"(?:" + character + rb"){2,}")
    for codec, character in COMMON_CHARACTERS.items()
}
TWO_BYTE_CODECS = {*COMMON_CHARACTERS, "euc_jis_2004"}

JAPANESE_ESCAPE = re.compile(rb"\x1b(\$\([A-Z@]|\$[A-Z@]|\([A-Z])")
JIS_CHARACTER = re.compile(rb"[\x21-\x7e]{2}")


def decode(content: bytes, declared: str = "") -> tuple[str, str]:
    """The text in `content`, and the name of the codec that decodes it.

    `declared` is the name of a character set as the sender wrote it, or empty. It is not used if
    it is unknown or does not fit. A byte-order mark is removed. Bytes that cannot be
    decoded become U+FFFD.
    """
    for mark, codec in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace"), codec
    codec = codec_name(declared)
    is_detected = codec in {"", "ascii", "utf-8"} or _is_misdeclared(content, codec)
    if is_detected and content.isascii() and JAPANESE_ESCAPE.search(content):
        codec = "iso2022_jp"
    if codec.startswith("iso2022_jp"):
        return _decode_iso_2022_jp(content), "iso2022_jp"
    if is_detected:
        return _detect(content)
    choices = codecs_for(codec, content)
    for choice in choices:
        with suppress(ValueError, LookupError):
            return content.decode(choice), choice
    text = content.decode(choices[0], "replace")
    if text.count("\ufffd") <= 1 + len(text) * MAX_ERROR_SHARE:
        return text, choices[0]
    return _detect(content)


def decode_as(content: bytes, charset: str) -> str:
    """The text in `content` in the named character set, without its byte-order mark.

    For a set that a person has chosen. Bytes that cannot be decoded become U+FFFD. Raises
    LookupError for an unknown name.
    """
    codec = codec_name(charset)
    if codec == "utf-16":
        is_big_endian = content[::2].count(0) > content[1::2].count(0)
        is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        choices = ["utf-16" if is_marked else "utf-16-be" if is_big_endian else "utf-16-le"]
    else:
        choices = codecs_for(codec, content)
    for choice in choices:
        with suppress(ValueError):
            return content.decode(choice).removeprefix("\ufeff")
    return content.decode(choices[0], "replace").removeprefix("\ufeff")


def _is_misdeclared(content: bytes, codec: str) -> bool:
    """Whether `content` is UTF-8, or not Latin letters, although a Western set is declared."""
    if codec not in DEFAULT_CODECS:
        return False
    size = _size(HIGH_BYTES, content)
    if _size(UTF_8_CHARACTER, content) == size:
        return True
    return size >= MIN_MISDECLARED_BYTES and not _is_latin(content)


def _detect(content: bytes) -> tuple[str, str]:
    """The text of `content` in the likeliest character set, and the name of its codec."""
    if b"\0" in content[:MAX_DETECTION_BYTES]:
        codec = _likeliest(content[:MAX_DETECTION_BYTES], UNICODE_CODECS)
        if codec:
            return content.decode(codec, "replace"), codec
    with suppress(ValueError):
        return content.decode("utf-8"), "utf-8"
    sample = _sample(content)
    if _size(UTF_8_CHARACTER, sample) >= MIN_UTF_8_SHARE * _size(HIGH_BYTES, sample):
        return content.decode("utf-8", "replace"), "utf-8"
    codecs_with_words = [codec for codec in COMMON_TEXT if _has_common_words(sample, codec)]
    # Latin letters are no words of Big5 or Shift JIS, but those of GB 18030 may have umlauts.
    if _is_latin(sample) and not {"big5hkscs", "cp932"}.intersection(codecs_with_words):
        codec = _likeliest(sample, LATIN_CODECS) or FALLBACK_CODEC
    else:
        others = OTHER_CODECS
        if codecs_with_words:
            unlikely = TWO_BYTE_CODECS.difference(codecs_with_words)
            others = [codec for codec in OTHER_CODECS if codec not in unlikely]
        codec = _likeliest(sample, others) or FALLBACK_CODEC
    return content.decode(codec, "replace"), codec


def _sample(content: bytes) -> bytes:
    """`content`, or MAX_DETECTION_BYTES of its lines with bytes above 0x7F."""
    if len(content) <= MAX_DETECTION_BYTES:
        return content
    lines: list[bytes] = []
    end = size = 0
    while size < MAX_DETECTION_BYTES and (found := HIGH_BYTES.search(content, end)):
        start = max(content.rfind(b"\n", end, found.start()) + 1, end)
        start = max(start, found.start() - MAX_LINE_START)
        end = content.find(b"\n", found.end()) + 1 or len(content)
        lines.append(content[start : min(end, start + MAX_DETECTION_BYTES - size)])
        size += len(lines[-1])
    return b"".join(lines)


def _has_common_words(content: bytes, codec: str) -> bool:
    """Whether all is common characters of an East Asian set or ASCII, and mostly in words."""
    text = COMMON_TEXT[codec].match(content)
    if not text or text.end() < len(content):
        return False
    return 2 * _size(COMMON_WORD[codec], content) >= _size(HIGH_BYTES, content)


def _is_latin(content: bytes) -> bool:
    """Whether the bytes above 0x7F are mostly single ones, among ASCII letters."""
    runs = HIGH_BYTES.findall(content)
    size = sum(map(len, runs))
    single = sum(len(run) == 1 for run in runs)
    letters = _size(LETTERS, content)
    if single == size:
        return size == 1 or letters > size
    single += len(LETTER_PAIR.findall(content))
    return 2 * single >= len(runs) and letters >= 1.5 * size


def _likeliest(sample: bytes, candidates: list[str]) -> str:
    """The likeliest of the candidates; empty if none decodes the sample."""
    import chardet  # only if used, because its tables are large

    found = chardet.detect_all(
        sample,
        include_encodings=[*candidates, FALLBACK_CODEC],
        ignore_threshold=True,
        compat_names=False,
        max_bytes=MAX_DETECTION_BYTES,
    )
    preferred = "cp1254" if TURKISH_LETTERS.search(sample) else "cp1252"
    scores: dict[str, float] = {}
    for guess in found:
        codec = guess["encoding"] or ""
        if codec in candidates:
            factor = LATIN_PREFERENCE if codec == preferred else 1
            scores.setdefault(codec, guess["confidence"] * factor)
    return max(scores, key=scores.__getitem__, default="")


def _size(pattern: re.Pattern[bytes], content: bytes) -> int:
    return sum(map(len, pattern.findall(content)))


def _decode_iso_2022_jp(content: bytes) -> str:
    """ISO-2022-JP with the letters that only cp932 has, such as ①, ㈱ and 髙."""
    first, *rest = JAPANESE_ESCAPE.split(content)
    texts = [first.decode("cp932", "replace")]
    for escape, segment in zip(rest[::2], rest[1::2], strict=True):
        if escape in {b"$B", b"$@"}:
            texts.append(JIS_CHARACTER.sub(_shift_jis, segment).decode("cp932", "replace"))
        elif escape == b"$(D":
            texts.append(JIS_CHARACTER.sub(_jis_x_0212, segment).decode("euc_jp", "replace"))
        elif escape.startswith(b"$("):
            texts.append(JIS_CHARACTER.sub(_euc, segment).decode("euc_jis_2004", "replace"))
        elif escape == b"(I":  # half-width katakana
            texts.append(
                bytes(b | 0x80 if b > 0x20 else b for b in segment).decode("cp932", "replace")
            )
        else:
            texts.append(segment.decode("cp932", "replace"))
    return "".join(texts)


def _shift_jis(character: re.Match[bytes]) -> bytes:
    row, cell = character[0]
    first = ((row - 0x21) >> 1) + 0x81
    second = cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell >= 0x60)
    return bytes([first if first <= 0x9F else first + 0x40, second])


def _euc(character: re.Match[bytes]) -> bytes:
    return bytes(byte | 0x80 for byte in character[0])


def _jis_x_0212(character: re.Match[bytes]) -> bytes:
    return b"\x8f" + _euc(character)
