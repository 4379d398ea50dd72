"""What an editor may want to look at again before an article is published.

Nothing here forbids anything: `look_over` says what it found, and where. It asks no database;
which links are dead is told to it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text.html import HtmlContent, read_html
from news import words

TITLE_WIDTH = 60  # Latin letters, of which a list of search results shows no more
SHOWN = 3  # slips of one kind that are named
LONGEST_SHOWN = 60  # characters
ENOUGH_TO_COMPARE = 80  # characters of text that no two languages have in common by chance


class Severity(StrEnum):
    PROBLEM = "problem"  # readers will take it for a mistake
    HINT = "hint"  # it may be meant


@dataclass(frozen=True)
class Text:
    """An article in one language, as it stands in the form."""

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


def look_over(
    texts: Sequence[Text], *, has_cover: bool = False, dead_links: Collection[str] = ()
) -> list[Finding]:
    """What was found in an article, by language, in the order of the form; problems first.

    The first of `texts` is in the site's first language, which stands in for a missing one.
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
            *_title(text, first),
            *_summary(text),
            *_pictures(text, has_cover),
            *_links(text, dead_links),
            *_translation(text, first),
            *_words(text),
        ]
        findings += sorted(found, key=lambda finding: finding.severity is Severity.HINT)
    return findings


def inner_links(texts: Sequence[Text]) -> list[str]:
    """The addresses that links of an article lead to, and those of its pictures."""
    contents = [text.content for text in texts]
    links = [link.url for content in contents for link in content.links]
    return links + [picture.url for content in contents for picture in content.images]


def _untranslated(text: Text, first: Text) -> Finding:
    message = (
        _("There is no title and no text yet in this language.")
        if text is first
        else _("Not translated: readers of this language see another one.")
    )
    return Finding("title", text.language, Severity.HINT, message)


def _title(text: Text, first: Text) -> Iterator[Finding]:
    if not text.title.strip():
        yield Finding("title", text.language, Severity.PROBLEM, _("The title is empty."))
    elif (width := words.width(text.title)) > TITLE_WIDTH:
        message = _(
            "The title is cut off in search results: it is %(width)d letters wide, and they show"
            " about %(most)d. A Chinese character counts two."
        ) % {"width": width, "most": TITLE_WIDTH}
        yield Finding("title", text.language, Severity.HINT, message)


def _summary(text: Text) -> Iterator[Finding]:
    if not text.summary.strip():
        message = _("The summary is empty: lists and search results show the text's beginning.")
        yield Finding("summary", text.language, Severity.HINT, message)


def _pictures(text: Text, has_cover: bool) -> Iterator[Finding]:
    without = sum(not picture.alt for picture in text.content.images)
    if without:
        message = ngettext(
            "%(count)d picture has no alternative text.",
            "%(count)d pictures have no alternative text.",
            without,
        ) % {"count": without}
        yield Finding("body", text.language, Severity.PROBLEM, message)
    if has_cover and not text.cover_alt.strip():
        message = _("Nothing says what the cover picture shows.")
        yield Finding("cover_alt", text.language, Severity.PROBLEM, message)


def _links(text: Text, dead: Collection[str]) -> Iterator[Finding]:
    content = text.content
    broken = [
        f"{link.text} → {link.url or '#'}" if link.text else link.url
        for link in content.links
        if link.url in dead
    ]
    if broken:
        message = _("A link leads nowhere: %(slips)s") % {"slips": _listed(broken)}
        yield Finding("body", text.language, Severity.PROBLEM, message)
    lost = [picture.url for picture in content.images if picture.url in dead]
    if lost:
        message = _("A picture's file is missing: %(slips)s") % {"slips": _listed(lost)}
        yield Finding("body", text.language, Severity.PROBLEM, message)


def _translation(text: Text, first: Text) -> Iterator[Finding]:
    if text is first:
        return
    own, other = " ".join(text.content.blocks), " ".join(first.content.blocks)
    if other and not own:
        message = _("The text is not translated: readers see another language.")
        yield Finding("body", text.language, Severity.HINT, message)
    elif own == other and len(own) >= ENOUGH_TO_COMPARE:
        message = _("The text is word for word that of the first language.")
        yield Finding("body", text.language, Severity.HINT, message)


CHECKS: list[tuple[Callable[[str], Iterator[str]], Severity, Callable[[], str]]] = [
    (
        words.placeholders,
        Severity.PROBLEM,
        lambda: _("Something was to be filled in here: %(slips)s"),
    ),
    (
        words.replaced,
        Severity.PROBLEM,
        lambda: _("This looks like a failed find-and-replace: %(slips)s"),
    ),
    (
        words.wrongly_decoded,
        Severity.PROBLEM,
        lambda: _("These letters were read in the wrong encoding: %(slips)s"),
    ),
    (words.doubled, Severity.HINT, lambda: _("A word stands twice: %(slips)s")),
]


def _words(text: Text) -> Iterator[Finding]:
    content = text.content
    alts = [picture.alt for picture in content.images]
    fields = {
        "title": [text.title],
        "summary": text.summary.splitlines(),
        "body": [*content.blocks, *alts],
        "cover_alt": [text.cover_alt],
    }
    for field, blocks in fields.items():
        for check, severity, message in CHECKS:
            if slips := [slip for block in blocks for slip in check(block)]:
                sentence = message() % {"slips": _listed(slips)}
                yield Finding(field, text.language, severity, sentence)


def _listed(slips: Sequence[str]) -> str:
    """The first few, each once, each not too long."""
    several = list(dict.fromkeys(slips))
    shown = [_shortened(slip) for slip in several[:SHOWN]]
    return " · ".join(shown) + (" …" if len(several) > SHOWN else "")


def _shortened(slip: str) -> str:
    return slip if len(slip) <= LONGEST_SHOWN else f"{slip[: LONGEST_SHOWN - 1]}…"
