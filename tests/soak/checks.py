"""What must hold after a soak: nothing that was acknowledged is lost, and nothing happens twice."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from post_office.models import STATUS, Email

from core.page_cache.schedule import exchange
from inquiries.models import Attachment, Inquiry, InquiryEvent
from news.models import Article
from tests.endurance.buyers import PDF
from tests.soak.faults import DATABASE_FAULTS, FULL_DISK, REDIS_KILLED, Strike
from tests.soak.people import People
from tests.soak.site import MANAGER, Site

SENDERS = settings.POST_OFFICE["THREADS_PER_PROCESS"]
REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{8}\b")
# Redis writes its file every second, and on a busy disk a second later (appendfsync everysec).
REDIS_WRITES_AFTER = 2.0
LOG_LINE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ (\w+) ")


def find_problems(site: Site, people: People, strikes: list[Strike]) -> Iterator[str]:
    """Everything that is wrong, as sentences."""
    yield from site.journal.problems
    for failure in site.journal.failures:
        if not is_excused(strikes, failure.started, failure.ended):
            yield f"Failed without a fault at {failure.ended:.1f}: {failure.what}"
    yield from check_inquiries(people, strikes)
    yield from check_emails(site, people, strikes)
    yield from check_answers(site, people)
    yield from check_views(site, strikes)
    title = Article.objects.get(pk=site.article).title
    # The answer to one more edit may have been lost at the end.
    if title not in {f"Crusher-{number}." for number in (site.title, site.title + 1)}:
        yield f"The article is {title}, not as in the last edit, {site.title}."
    yield from check_log(site, strikes)


def is_excused(strikes: list[Strike], started: float, ended: float) -> bool:
    return any(strike.excuses(started, ended) for strike in strikes)


def check_inquiries(people: People, strikes: list[Strike]) -> Iterator[str]:
    """Each is stored once, with the reference that its buyer saw, its line and its file."""
    stored = Inquiry.objects.filter(email__regex=r"^buyer\d+@")
    found = Counter(stored.values_list("email", "reference"))
    sent = Counter((buyer.email, buyer.reference) for buyer in people.buyers)
    for email, reference in (sent - found) + (found - sent):
        yield f"Inquiry {reference} of {email}: {found[email, reference]} stored, not one."
    kind = InquiryEvent.Kind.RECEIVED
    for inquiry in stored.prefetch_related("lines", "events"):
        events = [event.kind for event in inquiry.events.all()]
        if [line.quantity for line in inquiry.lines.all()] != [2] or events != [kind]:
            yield f"Inquiry {inquiry.reference} is incomplete or has too much: {events}"
    lost = {event.inquiry_id: event.lost_files for event in InquiryEvent.objects.filter(kind=kind)}
    files = Counter(Attachment.objects.values_list("inquiry_id", flat=True))
    by_email = {inquiry.email: inquiry for inquiry in stored}
    may_be_lost = any(strike.name == FULL_DISK for strike in strikes)
    for buyer in people.buyers:
        if (inquiry := by_email.get(buyer.email)) is None:
            continue
        expected = int(buyer.attaches_file)
        missing = lost[inquiry.pk]
        if files[inquiry.pk] + missing != expected or (missing and not may_be_lost):
            yield f"Inquiry {inquiry.reference} has {files[inquiry.pk]} files, not {expected}."
        if missing and "notice error" not in buyer.thanks:
            yield f"The buyer of {inquiry.reference} was not asked for the missing file."
    for attachment in Attachment.objects.filter(inquiry__in=stored):
        with attachment.file.open() as file:
            if file.read() != PDF:
                yield f"The file of {attachment.inquiry.reference} is damaged."


def check_emails(site: Site, people: People, strikes: list[Strike]) -> Iterator[str]:
    """Each is sent once; again only those whose acceptance could not be stored."""
    for email in Email.objects.exclude(status=STATUS.sent):
        errors = list(email.logs.values_list("date", "message"))
        state = f"{email.get_status_display()}, due at {email.scheduled_time}, {errors}"
        yield f"The e-mail to {email.to} is not sent: {state}"
    deliveries = site.mail.deliveries
    rows = set(Email.objects.values_list("message_id", flat=True))
    for message_id in rows ^ set(deliveries):
        yield f"E-mail {message_id}: sent {deliveries[message_id]} times."
    if count_repeated(site) > count_repeatable(site, strikes):
        yield f"{count_repeated(site)} e-mails were sent again, more than may be."
    about = Counter(
        (address, reference)
        for addresses, message in {
            m["Message-ID"]: (to, m) for to, m in site.mail.messages
        }.values()
        for address in addresses
        for reference in REFERENCE.findall(message["Subject"])
    )
    for buyer in people.buyers:
        for address in (buyer.email, MANAGER):
            if about[address, buyer.reference] != 1:
                number = about[address, buyer.reference]
                yield f"{number} e-mails to {address} about {buyer.reference}, not one."


def count_repeated(site: Site) -> int:
    return sum(number - 1 for number in site.mail.deliveries.values())


def count_repeatable(site: Site, strikes: list[Strike]) -> int:
    """Those in flight when the worker was killed or the database was away, or unconfirmed."""
    interruptions = site.worker.kills + sum(strike.name in DATABASE_FAULTS for strike in strikes)
    return site.mail.unconfirmed + SENDERS * interruptions


def check_answers(site: Site, people: People) -> Iterator[str]:
    stored = Counter(
        InquiryEvent.objects.filter(kind=InquiryEvent.Kind.ANSWERED).values_list("inquiry", "text")
    )
    for inquiry, text in people.answers:
        if stored[inquiry, text] != 1:
            yield f"“{text}” is stored {stored[inquiry, text]} times in inquiry {inquiry}."
    texts = {m["Message-ID"]: m.get_body().get_content() for _to, m in site.mail.messages}
    sent = Counter(found for text in texts.values() for found in re.findall(r"Offer \d+ of", text))
    for _inquiry, text in people.answers:
        if sent[text.removesuffix(" July.")] != 1:
            yield f"“{text}” was sent {sent[text.removesuffix(' July.')]} times."


def check_views(site: Site, strikes: list[Strike]) -> Iterator[str]:
    """Each view that was answered is counted; one whose answer was lost may be counted."""
    exchange()
    shown, counted = len(site.views), Article.objects.get(pk=site.article).views
    lost = sum("visitors" in failure.what for failure in site.journal.failures)
    unwritten = sum(
        strike.started - REDIS_WRITES_AFTER <= viewed <= strike.started
        for strike in strikes
        if strike.name == REDIS_KILLED
        for viewed in site.views
    )
    if not shown - unwritten <= counted <= shown + lost:
        yield (
            f"{counted} views are counted, {shown} were answered, {unwritten} of them just before"
            f" Redis was killed, and {lost} lost."
        )


def check_log(site: Site, strikes: list[Strike]) -> Iterator[str]:
    """Errors are logged during faults alone."""
    text = site.log.read_text()
    for line in text.splitlines():
        if not (match := LOG_LINE.match(line)) or match[2] not in {"ERROR", "CRITICAL"}:
            continue
        logged = datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S").astimezone().timestamp()
        if not is_excused(strikes, logged, logged + 1):
            yield f"Logged without a fault: {line}"
