"""What every way in passes: is it spam? Nothing is thrown away, and nobody else is asked.

To hold back a customer is worse than to let spam through. So no sign alone is enough unless it is
plain, a normal inquiry with a link or two passes, and what is held says why and can be released.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.rate_limit import is_over_limit

HELD_FROM = 10
LINKS_IN_MAIL = 10  # that say nothing
TOO_FAST = 3  # seconds
TOO_OLD = 24 * 3600  # seconds
FORMS_WITH_FILES = (40, 3600)  # from one network address, in how many seconds

LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
MARKUP = re.compile(r"<\s*a\s|</\s*a\s*>|\[\s*(?:url|link)\b", re.IGNORECASE)
SCRIPT = re.compile(r"<\s*/?\s*(?:script|iframe)|javascript:|\bon(?:error|load)\s*=", re.IGNORECASE)

REASONS: dict[str, Promise] = {
    "trap": _("a field that people do not see was filled in"),
    "script": _("there is a script in it"),
    "name_link": _("there is a link in the name or the company"),
    "markup": _("links are written as in a forum or a web page"),
    "links": _("there are many links in it"),
    "fast": _("it was sent faster than people type"),
    "unstamped": _("it did not come from our form"),
    "old": _("the form had been open for more than a day"),
    "unproven": _("the browser did not prove its work, as one without JavaScript"),
}


@dataclass(frozen=True)
class Submission:
    """What a visitor sends, by the form, from the basket or on their own page.

    `names` are the short texts in which a link has no place, `trap` is what stands in the hidden
    field, `age` how many seconds the form was open (None if that cannot be told), `sender` the
    network address that it came from, and `is_proven` whether the browser proved its work (None
    where no proof is expected). `came_by` is `mail` for an answer to a mail of
    ours: there was no form, and its signatures are full of links.
    """

    text: str
    email: str = ""
    names: str = ""
    trap: str = ""
    age: float | None = None
    sender: str = ""
    is_proven: bool | None = None
    came_by: str = "form"


@dataclass(frozen=True)
class Verdict:
    """How much speaks for spam, and what."""

    score: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return self.score >= HELD_FROM


def screen(submission: Submission) -> Verdict:
    """Weigh what a visitor sends."""
    links = len(LINK.findall(submission.text))
    age, is_mail = submission.age, submission.came_by == "mail"
    points = {
        "trap": 10 if submission.trap else 0,
        "script": 10 if SCRIPT.search(submission.text + submission.names) else 0,
        "name_link": 8 if LINK.search(submission.names) else 0,
        "markup": 6 if MARKUP.search(submission.text + submission.names) else 0,
        "links": 3 * max(links - (LINKS_IN_MAIL if is_mail else 1), 0),
        "fast": 4 if age is not None and age < TOO_FAST else 0,
        "unstamped": 3 if age is None and not is_mail else 0,
        "old": 1 if age is not None and age > TOO_OLD else 0,
        "unproven": 10 if submission.is_proven is False else 0,
    }
    return Verdict(sum(points.values()), [reason for reason, score in points.items() if score])


def is_rate_limited(submission: Submission) -> bool:
    """Count one more from this network address and this e-mail; whether it is more than allowed."""
    rate = settings.INQUIRY_RATE
    by_sender = is_over_limit("inquiry", submission.sender, rate)
    return by_sender or is_over_limit("inquiry-from", submission.email.lower(), rate)


def is_file_upload_rate_limited(sender: str) -> bool:
    """Count one more form with files from this network address: they cost time to look through."""
    return is_over_limit("inquiry-files", sender, FORMS_WITH_FILES)
