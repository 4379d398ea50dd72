"""Texts in sentences of another direction."""


def isolate(text: str) -> str:
    """A text that does not change the order of the sentence around it (UAX #9)."""
    return f"\u2068{text}\u2069"
