"""What is done on one machine holds on the other one at once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

import pytest
import requests
from django.conf import global_settings, settings
from django.test import override_settings
from post_office import mail
from post_office.models import STATUS, Email

from core.spreadsheets.admin import MAX_IMMEDIATE_ROWS
from inquiries.models import Attachment, Inquiry
from inquiries.services import assign_inquiry
from news.models import Article
from products.models import Category, Product
from tests.endurance.machines import Site, own_database, running_site
from tests.endurance.visitors import Page, Visitor
from tests.factories import (
    make_article,
    make_company,
    make_contact,
    make_inquiry,
    make_product,
    make_user,
    picture_file,
)
from tests.waiting import wait_until

PASSWORD = "a password for tests"
LONG_EXPORT = MAX_IMMEDIATE_ROWS + 1
PDF = b"%PDF-1.7\n% a drawing\n%%EOF\n"
ANSWERED = "answered@example.com"
QUEUED = 200  # e-mails that both workers find when they start

pytestmark = pytest.mark.skipif(
    not settings.CACHES["default"]["LOCATION"].startswith("redis://")
    or "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="several machines need PostgreSQL and Redis",
)


@pytest.fixture(scope="module")
def site(
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    hashers = override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS)
    with django_db_blocker.unblock(), own_database():
        with hashers:
            make_content()
        with running_site(tmp_path_factory.mktemp("site")) as site:
            yield site


def make_content() -> None:
    """What the tests start from; later changes are made on the pages of the two machines."""
    make_company(name="Example Machines Ltd.")
    for name in ("mei", "omar", "locked"):
        make_user(username=name, first_name=name.title(), is_superuser=True, password=PASSWORD)
    july = make_user("Sales", username="july", password=PASSWORD)
    contact = make_contact(name="July", email="july@example.com", user=july)
    for message in ("One crusher?", "Two crushers?"):
        assign_inquiry(make_inquiry(email=ANSWERED, message=message), contact, by=None)
    for number in range(QUEUED):
        mail.send(f"queued{number}@example.com", subject="Queued", message="Before the start")
    make_product(name="Jaw crusher", slug="jaw-crusher")
    Category.objects.create(name="Imported", slug="imported")
    Article.objects.bulk_create(
        Article(title=f"Draft {number}", slug=f"long-export-{number}")
        for number in range(LONG_EXPORT)
    )
    for slug in ("edited", "counted", "opened", "saved"):
        make_article(title=f"The {slug} article", slug=slug)


@pytest.fixture(scope="module")
def mei(site: Site) -> Visitor:
    """A member of staff who is logged in."""
    visitor = Visitor("203.0.113.10")
    visitor.log_in(site.first, "mei", PASSWORD)
    return visitor


@pytest.fixture(scope="module")
def omar(site: Site) -> Visitor:
    visitor = Visitor("203.0.113.11")
    visitor.log_in(site.second, "omar", PASSWORD)
    return visitor


def change_page(slug: str) -> str:
    return f"/admin/news/article/{Article.objects.get(slug=slug).pk}/change/"


def test_an_edit_shows_on_the_other_machine(site, mei):
    """Each page is opened until every process of both machines has stored it."""
    visitor = Visitor()
    pages = ("/news/edited/", "/news/", "/")
    for machine, other, title in [
        (site.first, site.second, "Edited on the first machine"),
        (site.second, site.first, "Edited on the second machine"),
    ]:
        for page in pages * 6:
            for each in (machine, other):
                assert title not in visitor.get(each, page).html
        form = mei.get(machine, change_page("edited"))
        mei.submit(form, machine, title_en=title)
        for page in pages * 6:
            for each in (other, machine):
                assert title in visitor.get(each, page).html, f"{page} on port {each.port}"


def test_an_edit_of_the_company_shows_on_the_other_machine(site, mei):
    visitor = Visitor()
    for _ in range(6):
        visitor.get(site.second, "/news/edited/")
    form = mei.get(site.first, "/admin/contacts/company/")
    mei.submit(form, site.first, name_en="Other Machines Ltd.")
    for _ in range(6):
        assert "Other Machines Ltd." in visitor.get(site.second, "/news/edited/").html


def test_a_hidden_article_is_gone_on_the_other_machine(site, mei):
    visitor = Visitor()
    for _ in range(6):
        assert visitor.get(site.second, "/news/edited/").status == 200
    form = mei.get(site.first, change_page("edited"))
    mei.submit(form, site.first, status="draft")
    for _ in range(6):
        assert visitor.get(site.second, "/news/edited/").status == 410


def test_each_view_counts_once_on_whichever_machine(site):
    visits = 200
    machines = cycle(site.machines)

    def views(machine) -> int:
        [facts] = Visitor().get(machine, "/news/counted/").texts(".facts")
        return int(facts.split()[1])

    with ThreadPoolExecutor(8) as visitors:
        shown = list(visitors.map(views, [next(machines) for _ in range(visits)]))
    assert sorted(shown) == list(range(1, visits + 1))
    wait_until(lambda: Article.objects.get(slug="counted").views == visits, "the count is stored")


def test_a_picture_uploaded_on_one_machine_shows_on_the_other(site, mei):
    form = mei.get(site.first, "/admin/news/article/add/")
    sent = {"title_en": "With a picture", "slug": "with-a-picture", "status": "published"}
    files = [("cover", ("cover.png", picture_file(size=(1200, 800)), "image/png"))]
    mei.submit(form, site.first, files, **sent)
    url = Article.objects.get(slug="with-a-picture").cover.name
    page = Visitor().get(site.second, "/news/with-a-picture/")
    assert f"{site.storage.endpoint}/uploads/{url}" in page.html
    copies = [name for name in site.storage.names("uploads") if name in page.html]
    assert len(copies) >= 3, "the picture and its smaller copies"
    for name in copies:
        response = requests.get(f"{site.storage.endpoint}/uploads/{name}", timeout=10)
        assert response.headers["Content-Type"].startswith("image/")


def test_a_buyers_file_opens_on_the_other_machine_for_staff_alone(site, mei):
    buyer = Visitor("203.0.113.20")
    form = buyer.get(site.first, "/inquiry/?product=jaw-crusher")
    typed = {"message": "See the drawing.", "name": "Ana", "email": "wrong", "quantity": "2"}
    files = [("attachments", ("drawing.pdf", PDF, "application/pdf"))]
    rejected = buyer.submit(form, site.first, files, **typed)
    assert rejected.status == 422
    sent = buyer.submit(rejected, site.second, **typed | {"email": "ana@example.com"})
    assert sent.status == 200

    attachment = Attachment.objects.get(inquiry__email="ana@example.com")
    url = f"/admin/inquiries/inquiry/{attachment.inquiry_id}/attachment/{attachment.pk}/"
    assert mei.get(site.first, url).content == PDF
    assert Visitor().get(site.first, url).content != PDF
    stored = f"{site.storage.endpoint}/private/{attachment.file.name}"
    assert requests.get(stored, timeout=10).status_code == 403


def test_the_files_of_answers_are_sent_by_whichever_worker_is_active(site):
    july = Visitor("203.0.113.12")
    july.log_in(site.first, "july", PASSWORD)
    for machine, inquiry in zip(site.machines, Inquiry.objects.filter(email=ANSWERED), strict=True):
        form = july.get(machine, f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
        files = [("answer_files", ("offer.pdf", PDF, "application/pdf"))]
        july.submit(form, machine, files, answer="Here is our offer.")

    def received() -> list[bytes]:
        return [
            part.get_payload(decode=True)
            for addresses, message in site.mail.messages
            for part in message.iter_attachments()
            if addresses == [ANSWERED]
        ]

    wait_until(lambda: len(received()) >= 2, "the answers are sent")
    assert received() == [PDF, PDF]


def test_a_sheet_checked_on_one_machine_is_imported_on_the_other(site, mei):
    sheet = b"sku,name_en,category\nS-1,Cone crusher,imported\n"
    page = mei.get(site.first, "/admin/products/product/import/")
    files = [("import_file", ("products.csv", sheet, "text/csv"))]
    preview = mei.submit(page, site.first, files)
    token = preview.form("import_file_name").select_one('[name="import_file_name"]')["value"]
    mei.submit(preview, site.second, import_file_name=token)
    assert Product.objects.get(sku="S-1").name == "Cone crusher"


def test_a_long_export_is_downloaded_from_whichever_machine(site, mei):
    page = mei.get(site.first, "/admin/news/article/export/")
    job = mei.submit(page, site.first, format="0")
    wait_until(lambda: "download/" in mei.get(site.first, job.path).html, "the export is done")
    for machine in site.machines:
        content = mei.get(machine, f"{job.path}download/").content
        assert content.count(b"long-export-") == LONG_EXPORT


def test_no_email_is_sent_by_both_workers(site):
    wait_until(lambda: not Email.objects.exclude(status=STATUS.sent).exists(), "all are sent")
    sent = Counter(message["Message-ID"] for _addresses, message in site.mail.messages)
    assert len(sent) > QUEUED
    assert set(sent.values()) == {1}


def test_a_log_in_and_a_log_out_hold_on_the_other_machine(site):
    user = Visitor("203.0.113.13")
    user.log_in(site.first, "omar", PASSWORD)
    start = user.get(site.second, "/admin/")
    assert start.path == "/admin/"
    stolen = user.session.cookies.copy()
    [logout] = [start.form("csrfmiddlewaretoken")]
    assert logout["action"].endswith("/logout/")
    user.submit(start, site.second, csrfmiddlewaretoken=logout.input["value"])
    user.session.cookies = stolen
    assert user.get(site.first, "/admin/").path.startswith("/admin/login/")


def test_wrong_passwords_on_both_machines_lock_the_account_on_both(site):
    guesser = Visitor("203.0.113.14")
    machines = site.machines
    for number in range(5):
        guesser.log_in(machines[number % 2], "locked", "a wrong password")
    for machine in machines:
        page = guesser.log_in(machine, "locked", PASSWORD)
        assert page.status == 429
    assert Visitor("203.0.113.15").log_in(site.first, "locked", PASSWORD).path == "/admin/"


def test_inquiries_are_limited_across_the_machines(site):
    def send(buyer: Visitor, machine, number: int) -> Page:
        form = buyer.get(machine, "/inquiry/?product=jaw-crusher")
        email = f"buyer{number}@example.com"
        return buyer.submit(
            form, machine, message="A price?", name="Ben", email=email, quantity="1"
        )

    buyer = Visitor("203.0.113.21")
    machines = site.machines
    statuses = [send(buyer, machines[number % 2], number).status for number in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert send(Visitor("203.0.113.22"), site.first, 6).status == 200


def test_the_other_machine_shows_who_has_an_article_open(site, mei, omar):
    mei.get(site.first, change_page("opened"))
    assert "Mei" in omar.get(site.second, change_page("opened")).html


def test_an_edit_on_the_other_machine_is_not_overwritten(site, mei, omar):
    page = change_page("saved")
    opened = omar.get(site.second, page)
    mei.submit(mei.get(site.first, page), site.first, title_en="Mei's title")
    refused = omar.submit(opened, site.second, title_en="Omar's title")
    assert "saved this article" in refused.html
    assert Article.objects.get(slug="saved").title_en == "Mei's title"


def test_one_machine_goes_on_when_the_other_one_is_gone(site, mei):
    site.first.server.end()
    site.first.worker.end()
    assert mei.get(site.second, "/admin/").path == "/admin/"
    already_sent = len(site.mail.messages)
    buyer = Visitor("203.0.113.23")
    form = buyer.get(site.second, "/inquiry/?product=jaw-crusher")
    sent = {"message": "A price?", "name": "Eve", "email": "eve@example.com", "quantity": "1"}
    assert buyer.submit(form, site.second, **sent).status == 200
    wait_until(
        lambda: any(
            addresses == ["eve@example.com"]
            for addresses, _message in site.mail.messages[already_sent:]
        ),
        "the second worker has sent the acknowledgement",
    )
