"""Detects the types of recordings and documents by their content."""

HEAD_LENGTH = 1024  # bytes that are read; a PDF may begin anywhere in them

SIGNATURES = (
    (0, b"ID3", ("mp3",)),
    (0, b"fLaC", ("flac",)),
    (0, b"OggS", ("ogg", "oga", "ogv", "opus")),
    (0, b"FLV\x01", ("flv",)),
    (0, b"MThd", ("mid",)),
    (0, b"#!AMR", ("amr",)),
    (0, b"\x1aE\xdf\xa3", ("webm", "mkv", "weba")),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ("wmv", "wma")),
    (0, b"\0\0\x01\xba", ("mpg", "mpeg")),
    (0, b"\0\0\x01\xb3", ("mpg", "mpeg")),
    (8, b"WAVE", ("wav",)),
    (8, b"AVI ", ("avi",)),
    (8, b"AIFF", ("aiff", "aif")),
    (8, b"AIFC", ("aiff", "aif")),
    (4, b"moov", ("mov",)),
    (4, b"mdat", ("mov",)),
    (4, b"wide", ("mov",)),
)
PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


def detect_extension(head: bytes, suffix: str) -> str:
    """The extension of a PDF, audio or video file with this `head`; empty for other files.

    `suffix` of the old name, such as `.ogv`, decides where a type has several extensions.
    """
    extensions = _extensions(head)
    wanted = suffix.removeprefix(".")
    return wanted if wanted in extensions else next(iter(extensions), "")


def _extensions(head: bytes) -> tuple[str, ...]:
    if b"%PDF-" in head[:HEAD_LENGTH]:
        return ("pdf",)
    if head[4:8] == b"ftyp" and head[8:12] not in PICTURE_BRANDS:
        return ("mov",) if head[8:10] == b"qt" else ("mp4", "m4a", "m4v", "mov", "3gp", "3g2")
    for offset, signature, extensions in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return extensions
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return ("aac",)
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 != 0xF0:
        return ("mp3",)
    return ()
