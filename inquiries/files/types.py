"""The accepted types of files, and how their first bytes look."""

import re
from pathlib import PurePosixPath

HEAD_SIZE = 8192  # bytes at the start of a file, in which its type is looked for
PDF_HEADER_LIMIT = 1024  # bytes; readers look for the header in these

BOM = rb"(?:\xef\xbb\xbf)?"
LINE_END = rb"[ \t]*(?:\r\n|\r|\n)"

# A kind is the usual extension of a type. The first pattern that matches the start counts.
SIGNATURES: list[tuple[re.Pattern[bytes], str]] = [
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in [
        (rb"\xff\xd8\xff", "jpg"),
        (rb"\x89PNG\r\n\x1a\n", "png"),
        (rb"GIF8[79]a", "gif"),
        (rb"RIFF.{4}WEBP", "webp"),
        (rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0{3}", "bmp"),
        (rb"II[*+]\0|MM\0[*+]", "tiff"),
        # The brands of an ISO media file, of which any may name the type.
        (rb".{4}ftyp(?:.{4}){0,24}?avi[fs]", "avif"),
        (rb".{4}ftyp(?:.{4}){0,24}?(?:hei[cxms]|hev[cxms]|mif[12]|msf1)", "heic"),
        (rb"PK\x03\x04|PK\x05\x06|PK(?:\x07\x08|00)PK\x03\x04", "zip"),
        (rb"Rar!\x1a\x07[\0\x01]", "rar"),
        (rb"7z\xbc\xaf\x27\x1c", "7z"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (rb"(?:AC10\d\d|AC[12]\.\d\d?|MC0\.0)\0", "dwg"),
        (rb"AutoCAD Binary DXF\r\n\x1a\0", "dxf"),
        # The first of its pairs of lines, after comments.
        (
            BOM + rb"\s*(?>999" + LINE_END + rb"[^\r\n]*[\r\n]\s*)*+"
            rb"0" + LINE_END + rb"\s*SECTION" + LINE_END,
            "dxf",
        ),
        (BOM + rb"(?>\s+|/\*.*?\*/)*+ISO-10303-21\s*;", "step"),
        # Lines of 80 columns, with the section in column 73 and then the number of the line.
        (
            BOM + rb"(?:[^\r\n]{72}[CB][ \d]{7}\s*)?+[^\r\n]{72,144}S[ 0]{6}1"
            rb"\s*+[^\r\n]{72,144}[SG][ 0]{6}[12]",
            "iges",
        ),
    ]
]

# The header of a PDF file may follow other bytes, but those of a program.
PDF_HEADER = re.compile(rb"%PDF(?=-)|%!PS-Adobe-\d\.\d PDF(?=-)")
PROGRAM = re.compile(rb"MZ|\x7fELF|#!|[\xcf\xce]\xfa\xed\xfe|\xfe\xed\xfa[\xcf\xce]")

# Plain text has no signature, so that its extension must agree.
TEXT_KINDS = {"": "txt", ".txt": "txt", ".text": "txt", ".log": "txt", ".csv": "csv", ".tsv": "tsv"}
UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# All but tab, line and page breaks, DOS's end of file, and the escape of ISO-2022-JP.
CONTROL_BYTES = re.compile(rb"[\0-\x08\x0e-\x19\x1c-\x1f\x7f]")
CONTROL_CHARACTERS = re.compile(r"[\0-\x08\x0e-\x19\x1c-\x1f\x7f]")

PICTURE_KINDS = frozenset({"jpg", "png", "gif", "webp", "bmp", "tiff", "heic", "avif"})

# Other usual extensions of a kind, which a file name may retain.
OTHER_EXTENSIONS = {
    "tiff": ["tif", "dng", "nef", "arw", "cr2"],
    "heic": ["heif", "hif"],
    "step": ["stp", "p21", "ifc"],
    "iges": ["igs"],
    "doc": ["dot", "wps"],
    "xls": ["xlt", "et"],
    "ppt": ["pps", "pot", "dps"],
    "dwg": ["dwt"],
    "txt": ["text", "log"],
    "zip": ["pages", "numbers", "key", "fcstd"],
}

LISTED_KINDS = [
    *("pdf", "jpg", "png", "gif", "webp", "heic", "avif", "tiff", "bmp"),
    *("docx", "xlsx", "pptx", "doc", "xls", "ppt", "odt", "ods", "odp", "odg"),
    *("dwg", "dxf", "step", "iges", "csv", "txt", "zip", "rar", "7z"),
]
LISTED_OTHERS = ["jpeg", "heif", "tif", "stp", "igs"]
ACCEPTED_EXTENSIONS = ",".join(f".{extension}" for extension in LISTED_KINDS + LISTED_OTHERS)


def kind_by_signature(head: bytes) -> str:
    """The kind that the first HEAD_SIZE bytes show; `zip` and `ole` hold several; else empty."""
    for pattern, kind in SIGNATURES:
        if pattern.match(head):
            return kind
    if not PROGRAM.match(head) and PDF_HEADER.search(head, 0, PDF_HEADER_LIMIT + 1):
        return "pdf"
    return ""


def text_kind(content: bytes, name: str) -> str:
    """The kind of plain text in any character set, by the extension in `name`; else empty."""
    kind = TEXT_KINDS.get(PurePosixPath(name).suffix.lower(), "")
    if content.startswith(UTF_16_BOMS):
        is_text = not CONTROL_CHARACTERS.search(content.decode("utf-16", "replace"))
    else:
        is_text = not CONTROL_BYTES.search(content)
    return kind if is_text else ""


def extension_for(kind: str, extension: str) -> str:
    """`extension` if it is usual for the kind, else the kind itself; both without a dot."""
    return extension if extension in OTHER_EXTENSIONS.get(kind, []) else kind
