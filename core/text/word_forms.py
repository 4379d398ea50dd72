"""Other forms of a word that a search finds as well: singular and plural.

Rules on letters, not a dictionary: a form that does not exist finds nothing.
"""

from typing import NamedTuple

MIN_LENGTH = 3  # letters of a word that has a plural
SHORT_WORDS = frozenset({"the", "and", "for", "with", "this", "das", "der", "die", "los", "las"})

# Endings and what they may be replaced with, the longest first; French `-aux` is from `-al`.
LATIN_ENDINGS = [
    ("ies", ("y", "ie")),
    ("ves", ("f", "fe", "ve")),
    ("sses", ("ss",)),
    ("xes", ("x",)),
    ("ches", ("ch", "che")),
    ("shes", ("sh",)),
    ("eaux", ("eau",)),
    ("aux", ("al", "au")),
    ("ces", ("z", "ce")),
    ("iones", ("ion",)),
    ("ores", ("or", "ore")),
    ("ss", ()),
    ("us", ()),
    ("is", ()),
    ("s", ("",)),
]
# A plural that only adds letters is found as a longer word, unless the word is too short for that.
LATIN_PLURALS = [("fe", "ves"), ("f", "ves"), ("y", "ies"), ("al", "aux"), ("z", "ces")]

CYRILLIC_ENDINGS = [
    *["ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ов", "ев", "ей", "ам", "ям", "ах"],
    *["ях", "ом", "ем", "ой", "ый", "ий", "ая", "яя", "ое", "ее", "ые", "ие", "ых", "их", "ым"],
    *["им", "ую", "юю", "а", "я", "о", "е", "ы", "и", "у", "ю", "ь", "й"],
]
ARABIC_ENDINGS = ["ات", "ون", "ين", "يه", "ه"]
MIN_STEM_LENGTH = 4


class WordForm(NamedTuple):
    """Another form of a word; with `is_stem`, longer words that begin with it."""

    text: str
    is_stem: bool = False


def word_forms(word: str) -> list[WordForm]:
    """The other forms of a folded word, each once."""
    if len(word) < MIN_LENGTH or word in SHORT_WORDS or any(map(str.isdigit, word)):
        return []
    if word.isascii():
        forms = dict.fromkeys([*_singulars(word), *_plurals(word)])
        return [WordForm(form) for form in forms if form != word and len(form) >= MIN_LENGTH]
    for alphabet, endings in (("\u0400", CYRILLIC_ENDINGS), ("\u0600", ARABIC_ENDINGS)):
        if alphabet <= word[0] <= chr(ord(alphabet) + 0xFF):
            stems = [word.removesuffix(ending) for ending in endings if word.endswith(ending)]
            return [WordForm(stem, True) for stem in stems[:1] if len(stem) >= MIN_STEM_LENGTH]
    return []


def _singulars(word: str) -> list[str]:
    for ending, replacements in LATIN_ENDINGS:
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return [stem + replacement for replacement in replacements]
    return []


def _plurals(word: str) -> list[str]:
    plurals = [
        word.removesuffix(ending) + plural
        for ending, plural in LATIN_PLURALS
        if word.endswith(ending)
    ]
    return plurals if word.endswith("s") else [*plurals, f"{word}s"]
