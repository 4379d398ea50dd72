"""Finds possible mistakes in an article before it is published.

No database access: the caller passes the broken links.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text.html import HtmlContent, read_html
from news.content_checks import text_errors

MAX_TITLE_WIDTH = 60  # Latin letters; search engines cut off longer titles
MAX_QUOTES = 3  # of one kind of error in one field
MAX_QUOTE_LENGTH = 60  # characters
MIN_COMPARED_LENGTH = 80  # characters; shorter texts may be the same in two languages by chance


class Severity(StrEnum):
    PROBLEM = "problem"  # an obvious mistake
    HINT = "hint"  # may be intended


@dataclass(frozen=True)
class ArticleText:
    """The texts of an article in one language, as entered in the form."""

    language: str
    title: str = ""
    summary: str = ""
    body: str = ""
    cover_alt: str = ""

    @property
    def content(self) -> HtmlContent:
        return read_html(self.body)

    @property
    def is_started(self) -> bool:
        content = self.content
        return bool(self.title.strip() or content.blocks or content.images)


@dataclass(frozen=True)
class Finding:
    field: str
    language: str
    severity: Severity
    message: str


def check_texts(
    texts: Sequence[ArticleText], *, has_cover: bool = False, dead_links: Collection[str] = ()
) -> list[Finding]:
    """The findings in an article by language, in the order of the form, problems first.

    The first of `texts` is in the default language, which visitors see where a translation is
    missing.
    """
    first = texts[0]
    if not any(text.is_started for text in texts):
        return []
    findings = []
    for text in texts:
        if not text.is_started:
            findings.append(_untranslated(text, first))
            continue
        found = [
            *_check_title(text, first),
            *_check_summary(text),
            *_check_pictures(text, has_cover),
            *_check_links(text, dead_links),
            *_check_translation(text, first),
            *_check_wording(text),
        ]
        findings += sorted(found, key=lambda finding: finding.severity is Severity.HINT)
    return findings


def linked_urls(texts: Sequence[ArticleText]) -> list[str]:
    """The URLs of the links and the pictures in the texts."""
    contents = [text.content for text in texts]
    links = [link.url for content in contents for link in content.links]
    return links + [picture.url for content in contents for picture in content.images]


def _untranslated(text: ArticleText, first: ArticleText) -> Finding:
    message = (
        _("No title or text in this language yet.")
        if text is first
        else _("Not translated: visitors see another language instead.")
    )
    return Finding("title", text.language, Severity.HINT, message)


def _check_title(text: ArticleText, first: ArticleText) -> Iterator[Finding]:
    if not text.title.strip():
        yield Finding("title", text.language, Severity.PROBLEM, _("The title is empty."))
    elif (width := text_errors.display_width(text.title)) > MAX_TITLE_WIDTH:
        message = _(
            "The title will be cut off in search results: it is %(width)d "
            "characters long, and about %(most)d are shown. A Chinese "
            "character counts as two."
        ) % {"width": width, "most": MAX_TITLE_WIDTH}
        yield Finding("title", text.language, Severity.HINT, message)


def _check_summary(text: ArticleText) -> Iterator[Finding]:
    if not text.summary.strip():
        message = _(
            "The summary is empty: lists and search results show the beginning of the text."
        )
        yield Finding("summary", text.language, Severity.HINT, message)


def _check_pictures(text: ArticleText, has_cover: bool) -> Iterator[Finding]:
    without = sum(not picture.alt for picture in text.content.images)
    if without:
        message = ngettext(
            "%(count)d image has no alternative text.",
            "%(count)d images have no alternative text.",
            without,
        ) % {"count": without}
        yield Finding("body", text.language, Severity.PROBLEM, message)
    if has_cover and not text.cover_alt.strip():
        message = _("The cover image has no alternative text.")
        yield Finding("cover_alt", text.language, Severity.PROBLEM, message)


def _check_links(text: ArticleText, dead: Collection[str]) -> Iterator[Finding]:
    content = text.content
    broken = [
        f"{link.text} → {link.url or '#'}" if link.text else link.url
        for link in content.links
        if link.url in dead
    ]
    if broken:
        message = _("Broken link: %(slips)s") % {"slips": _quote_list(broken)}
        yield Finding("body", text.language, Severity.PROBLEM, message)
    missing = [picture.url for picture in content.images if picture.url in dead]
    if missing:
        message = _("Missing image file: %(slips)s") % {"slips": _quote_list(missing)}
        yield Finding("body", text.language, Severity.PROBLEM, message)


def _check_translation(text: ArticleText, first: ArticleText) -> Iterator[Finding]:
    if text is first:
        return
    own, other = " ".join(text.content.blocks), " ".join(first.content.blocks)
    if other and not own:
        message = _("The text is not translated: visitors see another language instead.")
        yield Finding("body", text.language, Severity.HINT, message)
    elif own == other and len(own) >= MIN_COMPARED_LENGTH:
        message = _("The text is identical to the default language.")
        yield Finding("body", text.language, Severity.HINT, message)


WORDING_CHECKS: list[tuple[Callable[[str], Iterator[str]], Severity, Callable[[], str]]] = [
    (
        text_errors.find_placeholders,
        Severity.PROBLEM,
        lambda: _("Placeholder still to be filled in: %(slips)s"),
    ),
    (
        text_errors.find_failed_replacements,
        Severity.PROBLEM,
        lambda: _("Possible find-and-replace error: %(slips)s"),
    ),
    (
        text_errors.find_wrong_encoding,
        Severity.PROBLEM,
        lambda: _("Garbled characters (wrong encoding): %(slips)s"),
    ),
    (text_errors.find_doubled_words, Severity.HINT, lambda: _("Repeated word: %(slips)s")),
]


def _check_wording(text: ArticleText) -> Iterator[Finding]:
    content = text.content
    alts = [picture.alt for picture in content.images]
    fields = {
        "title": [text.title],
        "summary": text.summary.splitlines(),
        "body": [*content.blocks, *alts],
        "cover_alt": [text.cover_alt],
    }
    for field, blocks in fields.items():
        for check, severity, message in WORDING_CHECKS:
            if errors := [error for block in blocks for error in check(block)]:
                sentence = message() % {"slips": _quote_list(errors)}
                yield Finding(field, text.language, severity, sentence)


def _quote_list(errors: Sequence[str]) -> str:
    """The first few different errors, each shortened."""
    distinct = list(dict.fromkeys(errors))
    quotes = [_shorten(error) for error in distinct[:MAX_QUOTES]]
    return " · ".join(quotes) + (" …" if len(distinct) > MAX_QUOTES else "")


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_QUOTE_LENGTH else f"{text[: MAX_QUOTE_LENGTH - 1]}…"
