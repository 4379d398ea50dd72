"""Guesses the language of a text among those of the site."""

import re

from core.languages import language_of_site

MAX_LENGTH = 5000  # characters that are examined
# E-mail addresses, URLs and numbers
NO_WORDS = re.compile(r"[!-~]{0,60}[@/][!-~]{0,200}|\d")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
JAPANESE = re.compile(r"[\u3040-\u30ff]")  # Hiragana and Katakana
ARABIC_LETTER = re.compile(r"[\u0621-\u064a\u0671-\u06d3]")
# Letters of Persian and Urdu that Arabic does not have
PERSIAN_LETTER = re.compile(r"[\u067e\u0686\u0698\u06af\u06a9\u06cc\u0679\u0688\u0691\u06ba\u06d2]")
ARABIC_WORD = re.compile(r"[\u0621-\u065f\u0671-\u06d3]+")
OTHER_WORD = re.compile(r"[^\W\d_\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff]+")


def guess_language(text: str) -> str:
    """The code of the site's language for a text: Chinese, Arabic, or else English.

    It is the site's default language if the site does not have the guessed one. A product's name or
    a signature in English does not outweigh a sentence in Chinese or Arabic.
    """
    text = NO_WORDS.sub(" ", text[:MAX_LENGTH])
    han, japanese = len(HAN.findall(text)), len(JAPANESE.findall(text))
    letters, persian = len(ARABIC_LETTER.findall(text)), len(PERSIAN_LETTER.findall(text))
    arabic, others = len(ARABIC_WORD.findall(text)), len(OTHER_WORD.findall(text))
    if 2 * han > others and 10 * japanese < han:
        language = "zh-hans"
    elif 2 * arabic > others and 50 * persian < letters:
        language = "ar"
    else:
        language = "en"
    return language_of_site(language)
