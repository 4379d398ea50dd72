"""What was acknowledged is kept, whatever is killed meanwhile."""

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email

from inquiries.models import Attachment, Inquiry, InquiryEvent
from tests.endurance.buyers import PDF, Buyer
from tests.endurance.processes import Process, environment
from tests.mailbox import Mailbox, free_port
from tests.world import make_product, make_user

SERVER = ("--interface=wsgi", "--no-ws", "--blocking-threads=4", "config.wsgi:application")
INQUIRIES = 1000
CLIENTS = 16
PATIENCE = 90  # seconds until the next part is through
BATCH = settings.POST_OFFICE["BATCH_SIZE"]
MANAGER = "manager@example.com"
REFERENCE = re.compile(r"inquiry ([0-9A-Z]{8})\b")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_acknowledged_is_kept_once_and_every_mail_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user("Managers", email=MANAGER)
    products = [make_product().slug for _ in range(5)]
    port = free_port()
    buyers = [Buyer(number, port, products[number % 5]) for number in range(INQUIRIES)]
    with Mailbox() as mailbox:
        site = partial(Process, environment=environment(mailbox.port), log=tmp_path / "site.log")
        web = site("granian", *SERVER, "--workers=2", f"--port={port}")
        worker = site("python", "manage.py", "run_worker")

        def kill_worker() -> None:
            """In the middle of sending."""
            most = len(mailbox.messages) + BATCH // 2
            wait_until(lambda: len(mailbox.messages) > most, "mail is being sent", every=0.001)
            worker.kill()

        blows = {
            10: web.kill,
            20: kill_worker,
            30: web.kill,
            40: partial(setattr, mailbox, "refuses", True),
            45: web.kill,
            55: partial(setattr, mailbox, "refuses", False),
            60: kill_worker,
            65: web.kill,
            80: web.kill,
            90: kill_worker,
        }
        with web, worker:
            seconds = ask_all(buyers, blows)
            started = time.monotonic()
            wait_until(all_is_sent, "all mail is sent")
            seconds_later = time.monotonic() - started
    check_what_is_kept(buyers)
    sent = check_what_was_sent(mailbox)
    doubled = sum(count - 1 for count in sent.values())
    assert doubled <= BATCH * worker.kills
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {INQUIRIES} inquiries by {CLIENTS} clients in {seconds:.0f} s,"
            f" {INQUIRIES / seconds:.0f} per second."
            f"\nKilled: the web processes {web.kills} times, the worker {worker.kills} times."
            f"\nForms sent again: {sum(buyer.resent for buyer in buyers)} after a lost answer,"
            f" {sum(buyer.presses_twice for buyer in buyers)} by pressing twice."
            f"\nMails: {len(sent)}, and {doubled} a second time;"
            f" the last {seconds_later:.0f} s after the last inquiry."
        )


def ask_all(buyers: list[Buyer], blows: dict[int, Callable[[], None]]) -> float:
    """Have all ask, and deal each blow when so many percent are done; returns how long it took."""
    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        asked = [clients.submit(buyer.ask) for buyer in buyers]
        for percent, strike in blows.items():
            most = len(buyers) * percent // 100
            wait_until(lambda most=most: sum(it.done() for it in asked) >= most, f"{most} asked")
            strike()
    for it in asked:
        it.result()
    return time.monotonic() - started


def all_is_sent() -> bool:
    """Whether no mail waits; what the mail server refused need not wait for its next time."""
    Email.objects.filter(status=STATUS.requeued).update(scheduled_time=timezone.now())
    return not Email.objects.exclude(status=STATUS.sent).exists()


def wait_until(is_so: Callable[[], bool], what: str, every: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"After {PATIENCE} seconds still not: {what}"
        time.sleep(every)


def check_what_is_kept(buyers: list[Buyer]) -> None:
    """Each inquiry once, under the reference that its buyer was told, with what came along."""
    kept = list(Inquiry.objects.values_list("email", "reference"))
    assert sorted(kept) == sorted((buyer.email, buyer.reference) for buyer in buyers)
    assert len({reference for _, reference in kept}) == len(buyers)
    for inquiry in Inquiry.objects.prefetch_related("lines", "events"):
        assert [line.quantity for line in inquiry.lines.all()] == [2]
        assert [event.kind for event in inquiry.events.all()] == [InquiryEvent.Kind.RECEIVED]
    files = Attachment.objects.values_list("inquiry__email", flat=True)
    assert sorted(files) == sorted(buyer.email for buyer in buyers if buyer.sends_a_file)
    for attachment in Attachment.objects.all():
        with attachment.file.open() as file:
            assert file.read() == PDF


def check_what_was_sent(mailbox: Mailbox) -> Counter[tuple[str, str]]:
    """To each buyer and to the manager a message with the reference, and none about another."""
    sent = Counter(
        (address, REFERENCE.findall(message["Subject"])[0])
        for addresses, message in mailbox.messages
        for address in addresses
    )
    kept = list(Inquiry.objects.values_list("email", "reference"))
    to_manager = [(MANAGER, reference) for _, reference in kept]
    assert set(sent) == {*kept, *to_manager}
    return sent
