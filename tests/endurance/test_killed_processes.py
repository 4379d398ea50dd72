"""Inquiries and e-mails survive killed processes."""

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email

from core.worker.sending import CLAIM_DURATION
from inquiries.models import Attachment, Inquiry, InquiryEvent
from tests.endurance.buyers import PDF, Buyer
from tests.endurance.processes import Process, environment
from tests.factories import make_product, make_user
from tests.smtp_server import SmtpServer, free_port
from tests.waiting import wait_until

INQUIRIES = 1000
CLIENTS = 16
SENDERS = settings.POST_OFFICE["THREADS_PER_PROCESS"]
MANAGER = "manager@example.com"
REFERENCE = re.compile(r"inquiry ([0-9A-Z]{8})\b")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_each_inquiry_is_saved_once_and_each_email_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user("Managers", email=MANAGER)
    products = [make_product().slug for _ in range(5)]
    port = free_port()
    buyers = [Buyer(number, port, products[number % 5]) for number in range(INQUIRIES)]
    with SmtpServer() as smtp_server:
        site = partial(
            Process, environment=environment(smtp_server.port), log=tmp_path / "site.log"
        )
        web = site("python", "manage.py", "run_server", f"--port={port}")
        worker = site("python", "manage.py", "run_worker")

        def kill_worker() -> None:
            """Kill the worker while it sends."""
            threshold = len(smtp_server.messages) + 10
            wait_until(
                lambda: len(smtp_server.messages) > threshold, "mail is being sent", every=0.001
            )
            worker.kill()

        interruptions = {
            10: web.kill,
            20: kill_worker,
            30: web.kill,
            40: partial(setattr, smtp_server, "refuses", True),
            45: web.kill,
            55: partial(setattr, smtp_server, "refuses", False),
            60: kill_worker,
            65: web.kill,
            80: web.kill,
            90: kill_worker,
        }
        with web, worker:
            seconds = send_all(buyers, interruptions)
            started = time.monotonic()
            wait_until(all_emails_are_sent, "all mail is sent")
            seconds_after = time.monotonic() - started
    check_saved_inquiries(buyers)
    sent = check_sent_emails(smtp_server)
    duplicates = sum(count - 1 for count in sent.values())
    assert duplicates <= SENDERS * worker.kills
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {INQUIRIES} inquiries by {CLIENTS} clients in {seconds:.0f} s,"
            f" {INQUIRIES / seconds:.0f} per second."
            f"\nKilled: the web processes {web.kills} times, the worker {worker.kills} times."
            f"\nForms sent again: {sum(buyer.resent for buyer in buyers)} after a lost response,"
            f" {sum(buyer.submits_twice for buyer in buyers)} by double clicks."
            f"\nE-mails: {len(sent)}, and {duplicates} sent twice;"
            f" the last {seconds_after:.0f} s after the last inquiry."
        )


def send_all(buyers: list[Buyer], interruptions: dict[int, Callable[[], None]]) -> float:
    """Send all inquiries and run each interruption at its percentage; return the seconds."""
    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        futures = [clients.submit(buyer.send_inquiry) for buyer in buyers]
        for percent, interrupt in interruptions.items():
            threshold = len(buyers) * percent // 100
            wait_until(
                partial(have_finished, futures, threshold),
                f"{threshold} inquiries",
            )
            interrupt()
    for future in futures:
        future.result()
    return time.monotonic() - started


def have_finished(futures: list[Future[None]], count: int) -> bool:
    return sum(future.done() for future in futures) >= count


def all_emails_are_sent() -> bool:
    """Whether the outbox is empty; e-mails that were refused are retried at once."""
    refused = Email.objects.filter(scheduled_time__gt=timezone.now() + CLAIM_DURATION)
    refused.update(scheduled_time=timezone.now())
    return not Email.objects.exclude(status=STATUS.sent).exists()


def check_saved_inquiries(buyers: list[Buyer]) -> None:
    """Each inquiry is saved once, with the reference that its buyer saw, and its attachment."""
    stored = list(Inquiry.objects.values_list("email", "reference"))
    assert sorted(stored) == sorted((buyer.email, buyer.reference) for buyer in buyers)
    assert len({reference for _, reference in stored}) == len(buyers)
    for inquiry in Inquiry.objects.prefetch_related("lines", "events"):
        assert [line.quantity for line in inquiry.lines.all()] == [2]
        assert [event.kind for event in inquiry.events.all()] == [InquiryEvent.Kind.RECEIVED]
    files = Attachment.objects.values_list("inquiry__email", flat=True)
    assert sorted(files) == sorted(buyer.email for buyer in buyers if buyer.attaches_file)
    for attachment in Attachment.objects.all():
        with attachment.file.open() as file:
            assert file.read() == PDF


def check_sent_emails(smtp_server: SmtpServer) -> Counter[tuple[str, str]]:
    """Each buyer and the manager got an e-mail with the reference, and no other."""
    sent = Counter(
        (address, REFERENCE.findall(message["Subject"])[0])
        for addresses, message in smtp_server.messages
        for address in addresses
    )
    stored = list(Inquiry.objects.values_list("email", "reference"))
    to_manager = [(MANAGER, reference) for _, reference in stored]
    assert set(sent) == {*stored, *to_manager}
    return sent
