"""E-mail waits in the database until a mail server has accepted it."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

import pytest
from aiosmtpd.smtp import AuthResult
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.db import connections as db_connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.connections import connections
from post_office.models import STATUS, Email
from pytest_django.asserts import assertContains, assertNotContains

from core.mail import outbox
from core.worker import schedule
from core.worker.lock import worker_lock
from core.worker.loop import run_worker
from inquiries.services import assign_inquiry
from tests.factories import make_contact, make_inquiry, make_user
from tests.smtp_server import SmtpServer


class Server(SmtpServer):
    """A mail server that rejects an unknown recipient, and gives the `answers` to commands."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address == "unknown@example.com":
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        return self.answers.get("DATA") or await super().handle_DATA(server, session, envelope)


@pytest.fixture
def smtp_server(settings):
    """A real SMTP server on a free port, to which the worker sends."""
    connections.close()
    with Server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        yield server
    connections.close()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_sends_waiting_emails_once(smtp_server):
    make_user("Managers", username="boss")
    inquiry = make_inquiry(name="Li Ming 李明", message="价格?\n.\nA line after a lone dot")
    call_command("run_worker", "--once")
    call_command("run_worker", "--once")
    [(to, message)] = smtp_server.messages
    assert to == ["boss@example.com"]
    assert message["Subject"] == f"New inquiry {inquiry.reference} from Li Ming 李明"
    assert message["Message-ID"]
    assert "价格?" in message.get_content()
    assert "A line after a lone dot" in message.get_content()
    assert Email.objects.get().status == STATUS.sent


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_inquiry_and_no_email_is_lost_while_the_mail_server_is_down(smtp_server, visitor):
    make_user("Managers")
    smtp_server.refuses = True
    data = {"name": "Maria", "email": "maria@example.com", "message": "Hello"}
    assert visitor.post("/inquiry/", data).status_code == 302
    call_command("run_worker", "--once")
    assert smtp_server.messages == []
    assert Email.objects.count() == 2, "to the manager and to the visitor"
    for mail in Email.objects.all():
        assert mail.status == STATUS.requeued
        assert mail.scheduled_time > timezone.now()

    smtp_server.refuses = False
    Email.objects.update(scheduled_time=timezone.now())
    call_command("run_worker", "--once")
    assert len(smtp_server.messages) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_email_that_is_rejected_does_not_delay_the_others(smtp_server):
    assign_inquiry(make_inquiry(), make_contact(email="unknown@example.com"), by=None)
    make_user("Managers", username="boss")
    make_inquiry()
    call_command("run_worker", "--once")
    assert [to for to, _ in smtp_server.messages] == [["boss@example.com"]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"RCPT": "550 No such mailbox"}, STATUS.failed),
        ({"RCPT": "550 5.7.1 Recipient address rejected: Access denied"}, STATUS.failed),
        ({"RCPT": "554 5.7.1 The recipient blocks this sender"}, STATUS.failed),
        ({"RCPT": "554 5.7.1 Relay access denied"}, STATUS.requeued),
        ({"RCPT": "554 5.7.1 Client host [192.0.2.1] blocked using a list"}, STATUS.requeued),
        ({"RCPT": "553 5.7.1 Sender address rejected: not logged in"}, STATUS.requeued),
        ({"RCPT": "530 5.7.0 Must issue a STARTTLS command first"}, STATUS.requeued),
        ({"RCPT": "450 4.7.1 Greylisted"}, STATUS.requeued),
        ({"MAIL": "550 5.7.1 The sender may not send"}, STATUS.requeued),
        ({"MAIL": "530 5.7.0 Authentication required"}, STATUS.requeued),
        ({"DATA": "554 5.7.1 Refused by policy"}, STATUS.requeued),
        ({"DATA": "554 5.6.0 Refused content"}, STATUS.failed),
    ],
)
def test_only_an_email_that_is_refused_for_good_is_not_tried_again(
    smtp_server, client, answers, status
):
    email = "july@example.com"
    smtp_server.answers = answers
    assign_inquiry(make_inquiry(), make_contact(email=email), by=None)
    call_command("run_worker", "--once")
    [mail] = Email.objects.filter(to=email)
    assert mail.status == status
    client.force_login(make_user("Managers"))
    response = client.get("/admin/")
    if status == STATUS.failed:
        assertContains(response, "1 e-mail could not be sent in the last seven days.")
        assertContains(response, f"{email}: ")
    else:
        assertNotContains(response, "could not be sent")
    Email.objects.filter(pk=mail.pk).update(created=timezone.now() - timedelta(minutes=20))
    waits = "has been waiting to be sent for over 15 minutes"
    assert (waits in client.get("/admin/").text) == (status == STATUS.requeued)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_email_is_tried_again_after_a_log_in_that_the_mail_server_refuses(smtp_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "sales", "wrong"
    smtp_server.server.SMTP_kwargs |= {
        "auth_require_tls": False,
        "authenticator": lambda *_: AuthResult(success=False, handled=False),
    }
    assign_inquiry(make_inquiry(), make_contact(email="july@example.com"), by=None)
    call_command("run_worker", "--once")
    [mail] = Email.objects.filter(to="july@example.com")
    assert mail.status == STATUS.requeued
    assert mail.logs.get().exception_type == "SMTPAuthenticationError"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_jobs_do_not_wait_for_a_mail_server_that_does_not_answer(settings, monkeypatch):
    make_user("Managers")
    make_inquiry()
    connections.close()
    stop, runs = Event(), []
    monkeypatch.setattr(schedule, "jobs", [])

    @schedule.every(seconds=0)
    def job():
        runs.append(Email.objects.get().status)
        if len(runs) == 5:
            stop.set()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()[:2]
        settings.EMAIL_TIMEOUT = 3
        worker = Thread(target=_run_worker, args=(stop,))
        worker.start()
        silent.settimeout(30)
        with silent.accept()[0]:
            worker.join(60)
    connections.close()
    assert runs == [STATUS.queued] * 5 or runs == [None] * 5
    assert Email.objects.get().number_of_retries == 1, "it is tried again later"


def _run_worker(stop):
    try:
        run_worker(stop, interval=0.1, report=lambda _message: None)
    finally:
        db_connections.close_all()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_second_worker_sends_nothing(smtp_server, capsys):
    make_user("Managers")
    make_inquiry()
    with worker_lock() as other:
        assert other.acquire()
        call_command("run_worker", "--once")
        assert "Another worker" in capsys.readouterr().out
        assert smtp_server.messages == []
    call_command("run_worker", "--once")
    assert len(smtp_server.messages) == 1, "the lock is free again"


@pytest.mark.django_db
def test_a_message_that_looks_like_a_template_is_not_rendered():
    make_user("Managers")
    text = "{% load static %}{{ settings.SECRET_KEY }} {% nonsense %}"
    make_inquiry(name="{{ x }}", message=text)
    mail = Email.objects.get()
    assert text in mail.message
    assert "from {{ x }}" in mail.subject


@pytest.mark.django_db
def test_a_queued_email_is_rolled_back_with_its_transaction():
    make_user("Managers")
    with transaction.atomic():
        make_inquiry()
        transaction.set_rollback(True)
    assert not Email.objects.exists()


@pytest.mark.django_db
def test_emails_are_stored_together_or_not_at_all():
    def queue() -> None:
        for name in ("first", "second"):
            outbox.queue_email("inquiries/emails/acknowledgement", {}, [f"{name}@example.com"])

    with CaptureQueriesContext(connection) as queries, outbox.stored_together():
        queue()
        assert not Email.objects.exists()
    assert sum("INSERT" in query["sql"] for query in queries) == 1
    assert [mail.to for mail in Email.objects.order_by("pk")] == [
        ["first@example.com"], ["second@example.com"],
    ]  # fmt: skip
    with suppress(RuntimeError), outbox.stored_together():
        queue()
        raise RuntimeError
    assert Email.objects.count() == 2
    queue()
    assert Email.objects.count() == 4, "outside of it they are stored at once"


@pytest.mark.django_db
@pytest.mark.parametrize("sender", ["nobody", "a@example.com\nBcc: b@example.com"])
def test_an_invalid_sender_is_rejected(sender):
    with pytest.raises(ValidationError):
        outbox.queue_email("inquiries/emails/acknowledgement", {}, ["a@example.com"], sender=sender)


@pytest.mark.django_db
def test_an_invalid_email_address_is_rejected():
    inquiry = make_inquiry()
    with pytest.raises(ValidationError):
        outbox.queue_email("inquiries/emails/new_inquiry", {"inquiry": inquiry}, ["not an address"])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_runs_until_it_is_stopped(smtp_server, tmp_path):
    """Runs the real process on this test's database and stops it as a service manager does."""
    make_user("Managers")
    make_inquiry()
    script = (
        "import os, sys, django; django.setup();"
        "from django.conf import settings; from django.db import connection;"
        f"connection.settings_dict['NAME'] = {str(connection.settings_dict['NAME'])!r};"
        f"settings.EMAIL_HOST, settings.EMAIL_PORT = '127.0.0.1', {django_settings.EMAIL_PORT};"
        "from django.core.management import call_command;"
        "call_command('run_worker', interval=0.2)"
    )
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=django_settings.BASE_DIR)
    try:
        for _ in range(600):
            if smtp_server.messages:
                break
            time.sleep(0.1)
        assert len(smtp_server.messages) == 1
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    finally:
        worker.kill()


@pytest.mark.django_db
@pytest.mark.parametrize(("hours_back", "due_in"), [(24, 15), (0, 10)])
def test_an_email_is_tried_again_soon_after_the_clock_was_set_back(set_clock, hours_back, due_in):
    tried_at = timezone.now()
    mail = outbox.queue_email("inquiries/emails/acknowledgement", {}, ["buyer@example.com"])
    due_at = tried_at + timedelta(minutes=10)
    Email.objects.update(
        status=STATUS.requeued, scheduled_time=due_at, last_updated=tried_at, number_of_retries=1
    )
    now = tried_at - timedelta(hours=hours_back)
    set_clock(now)
    outbox.limit_delays()
    mail.refresh_from_db()
    assert mail.scheduled_time == now + timedelta(minutes=due_in)


@pytest.mark.django_db
def test_old_sent_emails_are_deleted_and_waiting_ones_are_not():
    long_ago = timezone.now() - outbox.RETENTION - timedelta(hours=1)
    mails = {}
    for status in (STATUS.sent, STATUS.failed, STATUS.queued, STATUS.requeued):
        mail = outbox.queue_email("inquiries/emails/acknowledgement", {}, ["buyer@example.com"])
        Email.objects.filter(pk=mail.pk).update(status=status, created=long_ago)
        mails[status] = mail.pk
    recent = outbox.queue_email("inquiries/emails/acknowledgement", {}, ["buyer@example.com"])
    Email.objects.filter(pk=recent.pk).update(status=STATUS.sent)
    outbox.delete_old_emails()
    stored = {mails[STATUS.queued], mails[STATUS.requeued], recent.pk}
    assert set(Email.objects.values_list("pk", flat=True)) == stored
