"""Removes characters that programs must not display."""

import unicodedata

CONTROL_OR_SURROGATE = {"Cc", "Cs"}  # Unicode categories


def clean(text: str) -> str:
    """`text` with `\\n` line ends and without control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in CONTROL_OR_SURROGATE
    )
