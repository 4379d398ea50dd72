"""Names of character sets as programs write them, and the codecs of Python that decode them."""

import codecs
import re
from contextlib import suppress

MAX_NAME_LENGTH = 100  # characters

# The name may be quoted, written twice, or followed by a parameter or a language (RFC 2231).
NAME = re.compile(r"(?:charset=)?['\"\s]*(?:3d)?([a-z0-9][\w.:+-]*)", re.ASCII)
WINDOWS_NAME = re.compile(r"(?:windows|win|cp|ms|ibm|dos)?[-_]?(\d{3,5})", re.ASCII)
# "iso-8859-8-i" and "iso-8859-8-e" differ in how the direction of text is marked.
ISO_NAME = re.compile(
    r"(?:cs)?iso[-_]?8859[-_]?(\d{1,2})(?:[-_]?[ie]|[-_:](?:19|20)\d\d)?", re.ASCII
)
ALIASES = {
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "gb_2312-80": "gb2312",
    "big5-eten": "big5",
    "cn-big5": "big5",
    "cn-gb": "gb2312",
    "korean": "euc_kr",
    "sjis-win": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp-ms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "cp51932": "euc_jp",
    "eucjp-ms": "euc_jp",
    "cp51936": "gb2312",
    "cp51949": "euc_kr",
    "cp20127": "ascii",
    "cp20866": "koi8-r",
    "cp21866": "koi8-u",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-2-0-utf-8": "utf-8",
    "unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "macintosh": "mac-roman",
    "mac-ce": "mac-latin2",
    "mac-japanese": "cp932",
    "mac-korean": "cp949",
    "mac-chinesesimp": "gb2312",
    "mac-chinesetrad": "big5",
}
# None of these is a character set, and some are slow on long input.
OTHER_CODECS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}

# The codecs for what programs write under a name, in the order in which to try them.
SUPERSETS = {
    "gb2312": ["gb18030"],
    "gbk": ["gb18030"],
    "big5": ["cp950", "big5hkscs"],
    "cp950": ["cp950", "big5hkscs"],
    "shift_jis": ["cp932", "shift_jis_2004"],
    "euc_jp": ["euc_jp", "euc_jis_2004"],
    "euc_kr": ["cp949"],
    "iso8859-1": ["cp1252", "iso8859-1"],
    "iso8859-9": ["cp1254", "iso8859-9"],
    "iso8859-11": ["cp874", "iso8859-11"],
    "tis-620": ["cp874", "iso8859-11"],
}
# Sets of Windows with letters from 0x80 to 0x9F, and the names under which they are used.
WINDOWS_SETS = {
    "iso8859-2": "cp1250",
    "iso8859-5": "cp1251",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
C1_BYTE = re.compile(rb"[\x80-\x9f]")


def codec_name(declared: str) -> str:
    """Python's name for a declared character set; empty if there is none."""
    found = NAME.match(declared[:MAX_NAME_LENGTH].strip().lower())
    if not found:
        return ""
    name = found[1].strip("-_.:")
    for candidate in (name, name.removeprefix("x-").removeprefix("cs")):
        if iso := ISO_NAME.fullmatch(candidate):
            candidate = f"iso8859-{iso[1]}"
        elif windows := WINDOWS_NAME.fullmatch(candidate):
            candidate = f"cp{windows[1]}"
        with suppress(LookupError):
            codec = codecs.lookup(ALIASES.get(candidate, candidate)).name
            if codec in OTHER_CODECS:
                return ""
            "a".encode(codec)  # fails for base64 and others that are not for text
            return codec
    return ""


def codecs_for(codec: str, content: bytes) -> list[str]:
    """The codecs to try on `content` whose declared character set is `codec`."""
    if codec in WINDOWS_SETS and C1_BYTE.search(content):
        return [WINDOWS_SETS[codec], codec]
    return SUPERSETS.get(codec, [codec])
