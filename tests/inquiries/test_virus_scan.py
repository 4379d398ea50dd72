"""Files from outside are scanned for viruses, where the site has a scanner."""

import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django.asserts import assertContains, assertNotContains

from core import virus_scan
from core.operations.health import find_problems
from core.uploads.models import StoredUpload
from core.virus_scan import ScanError, find_virus
from inquiries import schedule
from inquiries.inbound_mail.processing import Outcome, process_message
from inquiries.models import Attachment, Inquiry, InquiryEvent
from inquiries.personal_data import export
from inquiries.services import make_previews, scan_waiting_attachments
from tests.clamd_server import EICAR, ClamdServer
from tests.factories import make_inquiry, make_user, picture_file
from tests.inquiries.inbound_messages import reply
from tests.inquiries.test_attachments import PDF, content_of, pdf
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import change_url, status_page_url
from tests.smtp_server import free_port

pytestmark = pytest.mark.django_db

INFECTED = PDF + EICAR
Scan = Attachment.Scan


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(virus_scan, "_paused_until", 0)


@pytest.fixture
def clamd(settings):
    with ClamdServer() as clamd:
        settings.CLAMAV_URL = clamd.url
        yield clamd


@pytest.fixture
def away(settings, monkeypatch):
    """A site whose scanner does not respond; returns a function that starts one."""
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{free_port()}"

    def start(clamd: ClamdServer) -> None:
        monkeypatch.setattr(virus_scan, "_paused_until", 0)
        settings.CLAMAV_URL = clamd.url

    return start


def send(visitor, *uploads):
    return visitor.post("/inquiry/", typed(attachments=list(uploads)))


class TestOfTheForm:
    def test_an_infected_file_is_refused_and_everything_typed_stays(self, visitor, clamd):
        response = send(visitor, pdf("bad.pdf", INFECTED), pdf("good.pdf"))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["attachments"]
        assertContains(response, "“bad.pdf”: A virus was found in this file.", status_code=422)
        assertContains(response, "Two of these, please.", status_code=422)
        assert not Inquiry.objects.exists()
        assert [stored.name for stored in StoredUpload.objects.all()] == ["good.pdf"]

    def test_a_clean_file_is_stored_in_full_and_staff_see_that_it_was_scanned(
        self, visitor, as_user, clamd
    ):
        assert send(visitor, pdf("good.pdf")).status_code == 302
        attachment = Attachment.objects.get()
        assert clamd.scanned == [PDF] == [attachment.file.read()]
        assert attachment.scan == Scan.CLEAN
        staff = as_user(make_user("Managers"))
        assertContains(staff.get(change_url(attachment.inquiry)), "No virus found")

    def test_so_is_a_file_of_a_message(self, visitor, clamd):
        page = status_page_url(make_inquiry())
        data = {"message": "Here it is", "attachments": [pdf("bad.pdf", INFECTED)]}
        response = visitor.post(page, data)
        assertContains(response, "A virus was found", status_code=422)
        assertContains(response, "Here it is", status_code=422)
        assert not Attachment.objects.exists()

    def test_a_picture_is_scanned_as_it_was_sent(self, visitor, clamd):
        upload = picture_file("JPEG")
        content = upload.read()
        upload.seek(0)
        send(visitor, upload)
        assert clamd.scanned == [content]

    def test_without_a_scanner_nothing_is_said(self, visitor, as_user):
        send(visitor, pdf("x.pdf", INFECTED))
        attachment = Attachment.objects.get()
        assert attachment.scan == Scan.NONE
        page = as_user(make_user("Managers")).get(change_url(attachment.inquiry))
        assertNotContains(page, "scan-")
        scan_waiting_attachments()
        attachment.refresh_from_db()
        assert attachment.scan == Scan.NONE

    def test_a_scanner_at_a_unix_socket(self, visitor, settings, tmp_path: Path):
        with ClamdServer(tmp_path / "clamd.sock") as clamd:
            settings.CLAMAV_URL = clamd.url
            assert send(visitor, pdf("bad.pdf", INFECTED)).status_code == 422
            assert send(visitor, pdf()).status_code == 302


@pytest.mark.usefixtures("reply_address")
class TestOfAnEmail:
    @pytest.mark.parametrize(
        ("content", "name"), [(INFECTED, "bad.pdf"), (EICAR, "bad.txt"), (EICAR, "bad.eml")]
    )
    def test_an_infected_file_is_dropped_with_a_note(self, answered, clamd, content, name):
        message = reply(answered)
        kinds = {"pdf": ("application", "pdf"), "txt": ("text", "plain")}
        main, sub = kinds.get(name[-3:], ("application", "octet-stream"))
        message.add_attachment(content, main, sub, filename=name)
        message.add_attachment(PDF, "application", "pdf", filename="good.pdf")
        assert process_message(bytes(message)) == Outcome.SAVED
        event = answered.events.get(kind=InquiryEvent.Kind.MESSAGE)
        assert [(file.name, file.scan) for file in event.attachments.all()] == [
            ("good.pdf", Scan.CLEAN)
        ]
        assert f"“{name}”" in event.text + "".join(answered.events.values_list("text", flat=True))

    def test_while_the_scanner_is_away_its_files_wait(self, answered, away):
        message = reply(answered)
        message.add_attachment(INFECTED, "application", "pdf", filename="bad.pdf")
        process_message(bytes(message))
        assert Attachment.objects.get().scan == Scan.WAITING


class TestWhileTheScannerIsAway:
    def test_a_file_is_kept_and_staff_see_that_it_was_not_checked(self, visitor, as_user, away):
        assert send(visitor, pdf()).status_code == 302
        attachment = Attachment.objects.get()
        assert attachment.scan == Scan.WAITING
        page = as_user(make_user("Managers")).get(change_url(attachment.inquiry))
        assertContains(page, "Not checked for viruses yet")
        assert "does not respond" in find_problems()["virus scanner"]

    def test_one_that_hangs_delays_nobody_for_long(self, visitor, clamd, monkeypatch):
        monkeypatch.setattr(virus_scan, "PING_TIMEOUT", 0.5)
        clamd.hangs = True
        began = time.monotonic()
        send(visitor, *[pdf(f"{number}.pdf") for number in range(5)])
        assert time.monotonic() - began < 10
        assert set(Attachment.objects.values_list("scan", flat=True)) == {Scan.WAITING}

    def test_the_worker_scans_it_later(self, visitor, as_user, away):
        send(visitor, pdf(), pdf("other.pdf"))
        schedule.scan_waiting_attachments()
        assert set(Attachment.objects.values_list("scan", flat=True)) == {Scan.WAITING}
        with ClamdServer() as clamd:
            away(clamd)
            schedule.scan_waiting_attachments()
            assert len(clamd.scanned) == 2
            schedule.scan_waiting_attachments()
            assert len(clamd.scanned) == 2, "once"
        assert set(Attachment.objects.values_list("scan", flat=True)) == {Scan.CLEAN}

    def test_an_infected_file_is_deleted_then_and_nobody_downloads_it(
        self, visitor, as_user, away, django_capture_on_commit_callbacks
    ):
        send(visitor, picture_file("JPEG"))
        attachment = Attachment.objects.get()
        with attachment.file.storage.open(attachment.file.name, "ab") as file:
            file.write(EICAR)
        make_previews()
        attachment.refresh_from_db()
        paths = [Path(attachment.file.path), Path(attachment.preview.path)]
        with ClamdServer() as clamd, django_capture_on_commit_callbacks(execute=True):
            away(clamd)
            scan_waiting_attachments()
        assert not any(path.exists() for path in paths)
        inquiry, staff = attachment.inquiry, as_user(make_user("Managers"))
        page = staff.get(change_url(inquiry))
        assertContains(page, "Deleted because of a virus")
        assertContains(page, "A virus (Eicar-Test-Signature) was found in")
        assertNotContains(page, f"attachment/{attachment.pk}/")
        own = status_page_url(inquiry)
        assertContains(visitor.get(own), "Deleted because of a virus")
        for client, url in (
            (staff, f"/admin/inquiries/inquiry/{inquiry.pk}/attachment/{attachment.pk}/"),
            (visitor, f"{own}attachments/{attachment.pk}/"),
        ):
            assert client.get(url).status_code == 404, url
        export.export_personal_data(inquiry.email).close()
        inquiry.delete()

    @pytest.mark.parametrize("fault", ["too large", "error", "lost"])
    def test_a_file_that_cannot_be_scanned_stops_no_other(self, visitor, away, fault):
        send(visitor, pdf("first.pdf", PDF + b"x" * 200_000), pdf("second.pdf"))
        first, second = Attachment.objects.order_by("pk")
        with ClamdServer() as clamd:
            away(clamd)
            if fault == "too large":
                clamd.max_size = 100_000
            elif fault == "lost":
                first.file.storage.delete(first.file.name)
            else:
                Attachment.objects.filter(pk=second.pk).update(scan=Scan.CLEAN)
                clamd.answer = "Can't allocate memory ERROR"
            scan_waiting_attachments()
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.scan, second.scan) == (Scan.FAILED, Scan.CLEAN)

    @pytest.mark.parametrize("answer", ["", "Something else", "UNKNOWN COMMAND"])
    def test_only_an_ok_means_clean(self, clamd, answer):
        clamd.respond = lambda rfile, wfile: wfile.write(
            b"PONG\n" if rfile.readline() == b"nPING\n" else f"{answer}\n".encode()
        )
        with pytest.raises(ScanError):
            find_virus(ContentFile(PDF))


def test_the_content_of_a_file_is_as_before_after_a_scan(visitor, as_user, clamd):
    send(visitor, pdf())
    attachment = Attachment.objects.get()
    url = f"/admin/inquiries/inquiry/{attachment.inquiry_id}/attachment/{attachment.pk}/"
    assert content_of(as_user(make_user("Managers")).get(url)) == PDF
