"""Texts made from the sentences and words in `demo/content/vocabulary.toml`."""

import re
from functools import cache
from random import Random
from typing import Any, NamedTuple

from core.text.tokens import join_tokens
from demo.files import read_content

LANGUAGES = ("en", "zh-hans", "ar")
SENTENCES_PER_LANGUAGE = 3_000
HEADINGS_PER_LANGUAGE = 500
MAX_SENTENCES = 120
PLACEHOLDER = re.compile(r"{(\w+)}")

Translations = dict[str, str]


class Sentence(NamedTuple):
    """A sentence or a heading, and its words as the search index stores them."""

    text: str
    tokens: str


class Body(NamedTuple):
    """A rich text, as text, and its words as the search index stores them."""

    html: str
    text: str
    tokens: str


@cache
def vocabulary() -> dict[str, Any]:
    return read_content("vocabulary")


def translated(field: str, texts: Translations) -> dict[str, str | None]:
    """The columns of a translated field, with the first language in the one without a suffix."""
    columns = {f"{field}_{code.replace('-', '_')}": texts.get(code) for code in LANGUAGES}
    return {field: texts[LANGUAGES[0]], **columns}


class TextMaker:
    """Writes texts in one language; the same `seed` always gives the same sentences."""

    def __init__(self, language: str, seed: int) -> None:
        self.language = language
        random = Random(f"{seed}/{language}")  # noqa: S311
        templates = vocabulary()[f"sentences_{language}"]
        self.sentences = [
            _with_tokens(self.fill(random, template))
            for template in random.choices(templates, k=SENTENCES_PER_LANGUAGE)
        ]
        self.headings = [_with_tokens(self.title(random)) for _ in range(HEADINGS_PER_LANGUAGE)]

    def fill(self, random: Random, template: str) -> str:
        """`template` with a random word in each placeholder."""
        return PLACEHOLDER.sub(lambda match: self._word(random, match[1]), template)

    def title(self, random: Random) -> str:
        text = self.fill(random, random.choice(vocabulary()[f"titles_{self.language}"]))
        return text[0].upper() + text[1:]

    def summary(self, random: Random) -> Sentence:
        first, second = random.choices(self.sentences, k=2)
        return Sentence(f"{first.text} {second.text}", f"{first.tokens} {second.tokens}")

    def body(self, random: Random) -> Body:
        """Paragraphs, some with a heading; about 170 words, a few as many as 1,500."""
        remaining = min(int(random.lognormvariate(2.5, 0.6)) + 2, MAX_SENTENCES)
        html: list[str] = []
        texts: list[str] = []
        tokens: list[str] = []
        while remaining > 0:
            if html and random.random() < 0.2:
                heading = random.choice(self.headings)
                html.append(f"<h2>{heading.text}</h2>")
                texts.append(heading.text)
                tokens.append(heading.tokens)
            paragraph = random.choices(self.sentences, k=min(random.randint(3, 6), remaining))
            texts.append(" ".join([sentence.text for sentence in paragraph]))
            html.append(f"<p>{texts[-1]}</p>")
            tokens += [sentence.tokens for sentence in paragraph]
            remaining -= len(paragraph)
        return Body("".join(html), " ".join(texts), " ".join(tokens))

    def _word(self, random: Random, kind: str) -> str:
        if kind == "number":
            return str(random.randint(2, 100) * 10)
        if kind == "town":
            return make_town(random.randrange(32**3))
        return random.choice(vocabulary()[f"{kind}_{self.language}"])


def _with_tokens(text: str) -> Sentence:
    return Sentence(text, join_tokens(text, 10_000))


@cache
def make_town(number: int) -> str:
    """The name of a town that does not exist; there are 32,768 of them."""
    syllables = vocabulary()["town_syllables"]
    return "".join(syllables[number >> shift & 31] for shift in (10, 5, 0)).capitalize()


@cache
def text_makers(seed: int) -> dict[str, TextMaker]:
    return {language: TextMaker(language, seed) for language in LANGUAGES}
