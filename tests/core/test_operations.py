"""The page for those who run the site."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPNotSupportedError, SMTPSenderRefused
from ssl import SSLError
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email, Log
from pytest_django.asserts import assertContains, assertNotContains

from config import env
from core.backup.models import BackupRun
from core.mail import mail_server, outbox
from core.operations import disks, sections
from core.operations.health import PARTS
from core.page_cache import redis
from core.spreadsheets.models import SpreadsheetJob
from core.staff_log.models import StaffAction
from core.version import site_release
from core.worker.models import JobRun
from news.models import Article
from tests.factories import make_user
from tests.smtp_server import SmtpServer, free_port

pytestmark = pytest.mark.django_db

PAGE = "/admin/operations/"


@pytest.fixture
def root():
    return make_user(is_superuser=True, username="root")


@pytest.fixture
def client(as_user, root):
    return as_user(root)


@pytest.fixture(autouse=True)
def set_free_space(monkeypatch):
    """Makes all disks those of a machine with much space; returns a function that sets less."""

    def set_usage(free: float, total: float) -> None:
        usage = SimpleNamespace(free=int(free * disks.GIGABYTE), total=int(total * disks.GIGABYTE))
        monkeypatch.setattr(disks.shutil, "disk_usage", lambda folder: usage)

    set_usage(80, 100)
    return set_usage


def make_failed_email(**fields) -> Email:
    defaults = {
        "to": ["mary@example.com"],
        "from_email": "a@example.com",
        "subject": "Your inquiry",
    }
    email = Email.objects.create(status=STATUS.failed, **defaults | fields)
    Log.objects.create(email=email, status=STATUS.failed, message="550 No such mailbox")
    return email


def grant(user, *permissions: str) -> None:
    codenames = [permission.split(".")[1] for permission in permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))


class TestWhoSeesIt:
    def test_it_is_linked_from_the_first_page(self, client, as_user):
        assertContains(client.get("/admin/"), f'href="{PAGE}"')
        assertNotContains(as_user(make_user("Managers")).get("/admin/"), PAGE)

    @pytest.mark.parametrize("role", ["Managers", "Editors", "Sales", ""])
    def test_other_staff_do_not_see_it(self, as_user, role):
        assert as_user(make_user(role)).get(PAGE).status_code == 403

    def test_visitors_log_in_first(self, visitor):
        assert visitor.get(PAGE).headers["Location"].startswith("/admin/login/")

    def test_a_section_needs_the_permission_for_what_it_shows(self, as_user, client):
        clerk = make_user()
        grant(clerk, "post_office.view_email")
        shown = [section.title for section in as_user(clerk).get(PAGE).context["sections"]]
        assert shown == ["State", "Worker", "E-mail", "Disks", "Unused files", "Versions"]
        assert len(client.get(PAGE).context["sections"]) == len(sections.SECTIONS)


def test_each_part_is_shown_with_its_state_in_words(client):
    page = client.get(PAGE).content.decode()
    state = page[page.index(">State<") : page.index(">E-mail</h2>")]
    assert "No worker is active: start `manage.py run_worker`." in state
    assert state.count(">Problem<") == 1
    assert state.count(">Works<") == len(PARTS) - 1


def test_a_section_that_fails_leaves_the_others(client, monkeypatch, caplog):
    def fail():
        raise OperationalError("no such table")

    monkeypatch.setattr(sections, "find_versions", fail)
    page = client.get(PAGE)
    assertContains(page, "This could not be read.", count=1)
    assertContains(page, "Waiting to be sent: 0.")
    assert "no such table" in caplog.text


def test_the_queries_do_not_grow_with_the_rows(client, root, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(30):
        make_failed_email()
        JobRun.objects.create(job=f"job{number}", started_at=now, duration=timedelta(0))
        StaffAction.objects.create(kind="log_in_failed", username="mei")
        SpreadsheetJob.objects.create(
            content_type_id=1, user=make_user(), kind="import", state="failed", language="en"
        )
    client.get(PAGE)
    with django_assert_max_num_queries(30):
        page = client.get(PAGE)
    assertContains(page, "Your inquiry</bdi>", count=sections.MAX_ROWS)


class TestWorker:
    def test_it_shows_which_jobs_ran_where_and_whether_they_failed(self, client):
        now = timezone.now()
        seconds = timedelta(seconds=1.5)
        JobRun.objects.create(job="news.tidy_up", machine="web-1", started_at=now, duration=seconds)
        JobRun.objects.create(
            job="inquiries.remind",
            machine="web-2",
            started_at=now - timedelta(hours=1),
            duration=seconds,
            failed_at=now - timedelta(hours=1),
            error="OSError: no answer",
        )
        page = client.get(PAGE)
        assertContains(page, "The last job ran on web-1 at")
        assertContains(page, "1.50")
        assertContains(page, "OSError: no answer")
        assertContains(page, "Scheduled jobs fail: inquiries.remind.")
        assertContains(client.get("/admin/"), "Scheduled jobs fail: inquiries.remind.")

    def test_a_job_that_works_again_or_is_no_longer_run_is_no_problem(self, client):
        now = timezone.now()
        long_ago = now - timedelta(days=3)
        JobRun.objects.create(
            job="again", started_at=now, failed_at=long_ago, duration=timedelta(0), error="x"
        )
        JobRun.objects.create(
            job="removed", started_at=long_ago, failed_at=long_ago, duration=timedelta(0)
        )
        page = client.get(PAGE)
        assertNotContains(page, "Scheduled jobs fail")
        assertNotContains(page, "removed")


class TestSendAgain:
    def url(self, email: Email) -> str:
        return reverse("send_email_again", args=[email.pk])

    def test_a_failed_email_is_shown_with_its_error(self, client):
        email = make_failed_email(subject="<b>Price</b>")
        long_ago = timezone.now() - timedelta(days=31)
        Email.objects.filter(pk=make_failed_email(subject="Old").pk).update(last_updated=long_ago)
        page = client.get(PAGE)
        assertContains(page, "Failed in the last 30 days: 1.")
        for text in ("mary@example.com", "&lt;b&gt;Price&lt;/b&gt;", "550 No such mailbox"):
            assertContains(page, text)
        assertContains(page, f'action="{self.url(email)}"')

    @pytest.mark.django_db(transaction=True, serialized_rollback=True)
    def test_it_is_sent_once_however_often_one_clicks(self, client, smtp_server):
        email = make_failed_email(number_of_retries=288, scheduled_time=timezone.now())
        Email.objects.update(created=timezone.now() - timedelta(days=3))
        first = client.post(self.url(email), follow=True)
        assertContains(first, "The e-mail will be sent again.")
        assertNotContains(first, "has been waiting to be sent since")
        second = client.post(self.url(email), follow=True)
        assertContains(second, "The e-mail is waiting to be sent, or has been sent.")
        call_command("run_worker", once=True)
        client.post(self.url(email))
        call_command("run_worker", once=True)
        assert [to for to, _message in smtp_server.messages] == [["mary@example.com"]]
        assert Email.objects.get().status == STATUS.sent
        [entry] = StaffAction.objects.filter(kind="changed")
        assert (entry.username, entry.change_message) == ("root", "Sent again.")
        assert entry.object_id == str(email.pk)

    @pytest.mark.django_db(transaction=True, serialized_rollback=True)
    def test_of_two_clicks_at_the_same_moment_one_queues_it(self, root):
        email = make_failed_email()
        both_clicked = Barrier(2)

        def click(_number: int) -> bool:
            try:
                both_clicked.wait(30)
                return outbox.send_again(email.pk, by=root)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as clicks:
            assert sorted(clicks.map(click, range(2))) == [False, True]
        assert StaffAction.objects.count() == 1

    def test_it_is_tried_as_often_as_a_new_one(self, client):
        email = make_failed_email(number_of_retries=288, scheduled_time=timezone.now())
        client.post(self.url(email))
        email.refresh_from_db()
        assert (email.status, email.number_of_retries, email.scheduled_time) == (
            STATUS.queued,
            None,
            None,
        )

    def test_it_takes_the_permission_and_a_form(self, client, as_user):
        email = make_failed_email()
        clerk = make_user()
        grant(clerk, "post_office.view_email")
        assertNotContains(as_user(clerk).get(PAGE), self.url(email))
        assert as_user(clerk).post(self.url(email)).status_code == 403
        assert client.get(self.url(email)).status_code == 405
        email.refresh_from_db()
        assert email.status == STATUS.failed

    @pytest.mark.parametrize("pk", [0, 10**30])
    def test_an_unknown_email_is_not_found(self, client, pk):
        assert client.post(f"{PAGE}emails/{pk}/send-again/").status_code == 404


class Server(SmtpServer):
    """A mail server without a certain mailbox."""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address == "unknown@example.com":
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class TestTestEmail:
    @pytest.fixture
    def server(self, settings):
        with Server() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
            yield server

    def test_the_address_of_the_user_is_suggested(self, client):
        assertContains(client.get(PAGE), 'value="root@example.com"')

    def test_it_is_sent_at_once_past_the_queue(self, client, server):
        page = client.post(PAGE, {"email": "ops@example.com"}, follow=True)
        assertContains(page, "The mail server has accepted a test e-mail to ops@example.com.")
        [(to, message)] = server.messages
        assert to == ["ops@example.com"]
        assert message["Subject"] == "Test e-mail from http://testserver"
        assert not Email.objects.exists()

    def test_the_answer_of_the_mail_server_is_shown_beside_the_field(self, client, server):
        page = client.post(PAGE, {"email": "unknown@example.com"})
        assertContains(page, "The mail server refuses the recipient.", status_code=422)
        assertContains(page, "550 No such mailbox", status_code=422)
        assertContains(page, 'value="unknown@example.com"', status_code=422)
        server.refuses = True
        page = client.post(PAGE, {"email": "ops@example.com"})
        assertContains(page, "451 Try again later", status_code=422)

    @pytest.mark.parametrize("email", ["", "nobody", "a@example.com\nBcc: b@example.com"])
    def test_a_wrong_address_is_refused_and_kept(self, client, server, email):
        page = client.post(PAGE, {"email": email})
        assert page.status_code == 422
        assert page.context["form"].errors["email"]
        assertContains(page, "The test e-mail was not sent.", status_code=422)
        assert page.context["form"]["email"].value() == email
        assert server.messages == []

    def test_the_page_does_not_wait_for_a_mail_server_that_does_not_answer(
        self, client, settings, monkeypatch
    ):
        monkeypatch.setattr(mail_server, "TIMEOUT", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()[:2]
            page = client.post(PAGE, {"email": "ops@example.com"})
        assertContains(page, "The mail server does not answer.", status_code=422)

    def test_a_host_without_a_mail_server_is_named_as_such(self, client, settings):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        page = client.post(PAGE, {"email": "ops@example.com"})
        text = "There is no mail server at the host and the port in EMAIL_URL."
        assertContains(page, text, status_code=422)

    @pytest.mark.parametrize(
        ("error", "text", "answer"),
        [
            (SMTPAuthenticationError(535, b"Bad \xff"), "the password in EMAIL_URL", "535 Bad"),
            (SMTPSenderRefused(553, b"No", "a@example.com"), "DEFAULT_FROM_EMAIL", "553 No"),
            (SMTPNotSupportedError("no STARTTLS"), "no encryption or no log-in", "no STARTTLS"),
            (socket.gaierror(-2, "not known"), "no host with the name", "not known"),
            (SSLError(1, "wrong version"), "smtp+tls or smtp+ssl", "wrong version"),
            (UnicodeError("label too long"), "could not be sent", "label too long"),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_each_error_is_explained(self, client, monkeypatch, error, text, answer):
        def fail(message):
            raise error

        monkeypatch.setattr(mail_server.EmailMessage, "send", fail)
        page = client.post(PAGE, {"email": "ops@example.com"})
        assertContains(page, text, status_code=422)
        assertContains(page, answer, status_code=422)

    def test_a_site_without_a_mail_server_is_told(self, client, settings):
        text = "EMAIL_URL names no mail server"
        assertNotContains(client.get(PAGE), text)
        backend = "django.core.mail.backends.console.EmailBackend"
        settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": backend}}
        assertContains(client.get(PAGE), text)


class TestDisks:
    @pytest.mark.parametrize(
        ("free", "total", "is_full"),
        [(0.9, 5, True), (1.1, 5, False), (3, 40, True), (5, 40, False), (11, 4000, False)],
    )
    def test_little_free_space_is_told(self, client, set_free_space, free, total, is_full):
        set_free_space(free, total)
        page = client.get(PAGE)
        assert ("are free on the disk of" in page.content.decode()) == is_full
        assert ("Almost full" in page.content.decode()) == is_full
        assert ("are free on the disk of" in client.get("/admin/").content.decode()) == is_full

    def test_folders_that_do_not_exist_yet_are_measured(self, client, settings, tmp_path):
        folder = tmp_path / "later" / "backups"
        settings.STORAGES = settings.STORAGES | {
            "backups": env.backup_storage("NO_SETTING", folder, {})
        }
        assertContains(client.get(PAGE), str(folder))

    def test_a_bucket_is_named_as_such(self, client, settings, monkeypatch):
        monkeypatch.setenv("PRIVATE_STORAGE_URL", "s3://key:secret@files")
        settings.STORAGES = settings.STORAGES | {
            "private": env.private_storage("PRIVATE_STORAGE_URL", Path(), {})
        }
        page = client.get(PAGE)
        assertContains(page, "s3://files<")
        assertContains(page, "In a bucket, whose service provides the space.")
        assertNotContains(page, "secret")


class TestBackups:
    def test_the_last_one_is_shown(self, client, settings):
        assertContains(client.get(PAGE), "No backup has succeeded yet.")
        settings.BACKUP_EVERY = 24
        now = timezone.now()
        BackupRun.objects.create(
            started_at=now, ended_at=now, archive="a.tar.gz", size=3 * 1024**2, is_verified=True
        )
        page = client.get(PAGE)
        for text in ("every 24 hours", "a.tar.gz", "3.0\xa0MB", "<td>yes</td>"):
            assertContains(page, text)

    def test_one_that_is_too_old_is_a_problem(self, client, settings):
        text = "The last backup is older than it should be."
        old = timezone.now() - timedelta(hours=49)
        BackupRun.objects.create(started_at=old, ended_at=old, archive="a.tar.gz")
        assertNotContains(client.get("/admin/"), text)
        settings.BACKUP_EVERY = 24
        assertContains(client.get("/admin/"), text)
        BackupRun.objects.create(started_at=timezone.now(), error="")
        assertContains(client.get("/admin/"), text)
        BackupRun.objects.update(started_at=old + timedelta(hours=2))
        assertNotContains(client.get("/admin/"), text)


class TestLogIns:
    def test_failed_ones_and_locks_are_shown(self, client, visitor):
        make_user(username="mei")
        for _attempt in range(5):
            visitor.post("/admin/login/", {"username": "mei", "password": "wrong"})
        visitor.post("/admin/login/", {"username": "a-password-typed-here", "password": "x"})
        page = client.get(PAGE)
        assertContains(page, "unknown name")
        assertContains(page, "127.0.0.1 with the user name “mei” until")
        assertNotContains(page, "a-password-typed-here")
        assertContains(page, reverse("admin:axes_accessattempt_changelist"))

    def test_a_locked_network_is_shown(self, client, visitor):
        for number in range(10):
            visitor.post("/admin/login/", {"username": f"name{number}", "password": "x"})
        assertContains(client.get(PAGE), "127.0.0.1 until")

    def test_earlier_ones_are_not(self, client):
        long_ago = timezone.now() - timedelta(hours=25)
        StaffAction.objects.create(kind="log_in_failed", username="mei", at=long_ago)
        assertContains(client.get(PAGE), "In the last 24 hours: 0.")


def test_exports_and_imports_that_run_or_failed_are_shown(client, root):
    assertContains(client.get(PAGE), "No export or import runs")
    kind = SpreadsheetJob._meta.get_field("content_type").related_model.objects
    for state, name in (("running", "a.csv"), ("failed", "b.csv"), ("done", "c.csv")):
        SpreadsheetJob.objects.create(
            content_type=kind.get_for_model(Article),
            user=root,
            kind="export",
            state=state,
            file_name=name,
            rows=90,
            rows_done=7,
            error="The disk is full." if state == "failed" else "",
        )
    page = client.get(PAGE)
    assertContains(page, "(7 / 90)")
    assertContains(page, "The disk is full.")
    assertContains(page, "b.csv")
    assertNotContains(page, "c.csv")


class TestVersions:
    def test_they_are_shown(self, client):
        page = client.get(PAGE)
        for text in (site_release(), connection.display_name, "The database has all migrations."):
            assertContains(page, text)

    @pytest.mark.skipif(not redis.is_configured(), reason="without CACHE_URL")
    def test_that_of_redis_is_shown(self, client):
        assertContains(client.get(PAGE), redis.find_server_version())

    def test_a_redis_that_does_not_answer_is_named(self, client, settings, monkeypatch):
        monkeypatch.setattr(redis._Process, "has_failed", False)  # and afterwards as before
        backend = "django.core.cache.backends.redis.RedisCache"
        location = f"redis://127.0.0.1:{free_port()}/0"
        settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend, "LOCATION": location}}
        assertContains(client.get(PAGE), "does not answer")
