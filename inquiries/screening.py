"""Spam screening of everything that visitors send. Spam is held, never deleted.

Holding a customer's inquiry is worse than letting spam through. So a single sign is only enough if
it is obvious, a normal inquiry with a link or two passes, and the staff sees the reasons and can
release what is held. No external service is used.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.rate_limit import is_over_any_limit, is_over_limit

HOLD_THRESHOLD = 10  # points
MAX_LINKS, MAX_LINKS_IN_EMAIL = 1, 10  # that cost no points
MIN_FORM_AGE = 3  # seconds
MAX_FORM_AGE = 24 * 3600  # seconds
FILE_UPLOAD_RATE = (40, 3600)  # forms from one IP address, seconds

LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
MARKUP = re.compile(r"<\s*a\s|</\s*a\s*>|\[\s*(?:url|link)\b", re.IGNORECASE)
SCRIPT = re.compile(r"<\s*/?\s*(?:script|iframe)|javascript:|\bon(?:error|load)\s*=", re.IGNORECASE)

REASONS: dict[str, Promise] = {
    "honeypot": _("hidden field filled in"),
    "script": _("contains a script"),
    "name_link": _("link in the name or company"),
    "markup": _("links written as forum or HTML code"),
    "links": _("contains many links"),
    "fast": _("sent faster than a person can type"),
    "unstamped": _("not sent from our form"),
    "old": _("form open for more than a day"),
    "marked": _("marked as spam by the mail server"),
    "unproven": _("browser check not completed, for example without JavaScript"),
}


@dataclass(frozen=True)
class Submission:
    """A form or an e-mail from a visitor.

    `names` are the short texts that should contain no link. `honeypot` is the value of the hidden
    field. `form_age` is the time in seconds since the form was opened, None if unknown.
    `has_proof` is whether the browser solved the proof of work, None if none is required. An
    e-mail (`is_email`) has no form, and its signature may contain many links. `is_marked_as_spam`
    is the verdict of the mail server that received it.
    """

    text: str
    email: str = ""
    names: str = ""
    honeypot: str = ""
    form_age: float | None = None
    ip_address: str = ""
    has_proof: bool | None = None
    is_email: bool = False
    is_marked_as_spam: bool = False


@dataclass(frozen=True)
class Verdict:
    """The points of a submission, and the reasons for them: keys of `REASONS`."""

    score: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return self.score >= HOLD_THRESHOLD


def screen(submission: Submission) -> Verdict:
    """Return the spam points of a submission, with the reasons."""
    text, names, age = submission.text, submission.names, submission.form_age
    allowed_links = MAX_LINKS_IN_EMAIL if submission.is_email else MAX_LINKS
    points = {
        "honeypot": 9 if submission.honeypot else 0,  # password managers fill it in, too
        "script": 10 if SCRIPT.search(text + names) else 0,
        "name_link": 8 if LINK.search(names) else 0,
        "markup": 6 if MARKUP.search(text + names) else 0,
        "links": 3 * max(len(LINK.findall(text)) - allowed_links, 0),
        # It is negative if the clock was set back meanwhile.
        "fast": 4 if age is not None and 0 <= age < MIN_FORM_AGE else 0,
        "unstamped": 3 if age is None and not submission.is_email else 0,
        "old": 1 if age is not None and age > MAX_FORM_AGE else 0,
        "marked": 10 if submission.is_marked_as_spam else 0,
        "unproven": 10 if submission.has_proof is False else 0,
    }
    return Verdict(sum(points.values()), [reason for reason, score in points.items() if score])


def is_rate_limited(submission: Submission) -> bool:
    """Count a submission for its IP and e-mail address; return whether a limit is exceeded.

    An e-mail has no IP address.
    """
    rate = settings.INQUIRY_RATE
    limits = [("inquiry-from", submission.email.lower(), rate)]
    if submission.ip_address:
        limits.insert(0, ("inquiry", submission.ip_address, rate))
    return is_over_any_limit(limits)


def is_file_upload_rate_limited(ip_address: str) -> bool:
    """Count a form with files, which take time to check; return whether the limit is exceeded."""
    return is_over_limit("inquiry-files", ip_address, FILE_UPLOAD_RATE)
