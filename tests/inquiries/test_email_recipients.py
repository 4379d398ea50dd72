"""Each e-mail has one kind of recipient: nothing for the staff ever reaches a buyer.

Every public function of the modules that queue e-mails is called here. A function with a new
parameter needs a value for it in the fixture `world`.
"""

import importlib
import inspect
import pkgutil
from datetime import date
from email.utils import parseaddr

import pytest
from post_office.models import Email

import inquiries
from core.mail import outbox
from inquiries.emails import buyer, erasure_notice, inquiry_lists, queue, staff
from inquiries.services import add_message, add_note, assign_inquiry, record_event
from tests.factories import make_company, make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

OURS = {"noreply@localhost", "replies@example.com"}
STAFF = {"boss@example.com", "july@example.com", "candy@example.com", "company@example.com"}
HEADERS = {"Auto-Submitted", "Reply-To", "In-Reply-To", "References"}


def functions(module) -> list:
    """The public functions that are defined in the module."""
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


FOR_STAFF = [*functions(staff), *functions(inquiry_lists), *functions(erasure_notice)]


@pytest.fixture(params=["", "replies@example.com"], ids=["no-mailbox", "mailbox"])
def world(request, settings):
    """An inquiry with everything that some recipient must not see; arguments for the functions."""
    settings.REPLY_ADDRESS = request.param
    make_company(name="Example Machines", email="company@example.com")
    boss = make_user("Managers", username="boss")
    contact = make_contact(name="Candy", email="candy@example.com", user=make_user("Sales"))
    line = {"product": make_product(name="Drill"), "quantity": 5}
    inquiry = make_inquiry(message="BUYERS-TEXT\nBcc: victim@example.com", lines=[line])
    assign_inquiry(inquiry, contact, by=None)
    add_message(inquiry, "BUYERS-SECOND\nBcc: victim@example.com", message_id="<2@example.com>")
    add_note(inquiry, "STAFF-NOTE", by=contact.user)
    record_event(inquiry, "held_message", text="SPAM-TEXT")
    other = make_inquiry(name="OTHER-NAME", email="other@example.com", message="OTHER-TEXT")
    assign_inquiry(other, contact, by=None)
    Email.objects.all().delete()
    return {
        "inquiry": inquiry,
        "contact": contact,
        "to": ["boss@example.com"],
        "addresses": ["boss@example.com"],
        "day": date(2026, 12, 24),
        "inquiries": [inquiry],
        "sections": [inquiry_lists.InquiryList([inquiry], 1)],
        "open_count": 1,
        "previous": make_contact(name="July", email="july@example.com"),
        "by": boss,
        "report": "SAID\nBcc: victim@example.com",
        "text": "SAID\nBcc: victim@example.com",
    }


def written(function, world) -> list[Email]:
    """The e-mails that a function queues."""
    takes = inspect.signature(function).parameters.values()
    missing = [p.name for p in takes if p.default is p.empty and p.name not in world]
    assert not missing, f"{function.__qualname__} takes {missing}: add it to the fixture"
    function(**{p.name: world[p.name] for p in takes if p.name in world})
    mails = list(Email.objects.all())
    assert mails, f"{function.__qualname__} queues no e-mail"
    return mails


@pytest.mark.parametrize("function", functions(buyer), ids=lambda f: f.__name__)
def test_emails_to_the_buyer_go_only_to_the_buyer(function, world):
    [mail] = written(function, world)
    assert mail.to == ["peter@example.com"]
    assert not mail.cc + mail.bcc
    assert parseaddr(mail.from_email)[1] in OURS
    assert set(mail.headers) <= HEADERS
    assert mail.headers.get("Reply-To", "") in OURS | {world["contact"].notification_email, ""}
    everything = f"{mail.from_email} {mail.subject} {mail.headers} {mail.message}"
    for secret in ("STAFF-NOTE", "/admin/", "OTHER-", "other@", "boss", "SPAM-TEXT"):
        assert secret not in everything
    about_headers(mail)


@pytest.mark.parametrize("function", FOR_STAFF, ids=lambda function: function.__name__)
def test_emails_to_the_staff_never_go_to_a_buyer(function, world):
    for mail in written(function, world):
        assert set(mail.to) <= STAFF
        assert not mail.cc + mail.bcc
        assert parseaddr(mail.from_email)[1] in OURS
        assert set(mail.headers) <= HEADERS
        assert "Reply-To" not in mail.headers, "a reply would have to go to the staff"
        assert mail.headers["Auto-Submitted"] == "auto-generated"
        assert "/inquiry/status/" not in mail.message, (
            "only the buyer gets the link to the status page"
        )
        about_headers(mail)


def about_headers(mail: Email) -> None:
    """No text of a message is in a header, and none adds a header."""
    headers = f"{mail.from_email}\0{mail.subject}\0{mail.headers}"
    for text in ("BUYERS-TEXT", "BUYERS-SECOND", "SAID", "Bcc", "victim"):
        assert text not in headers
    assert not set("\r\n") & {*mail.from_email, *mail.subject, *"".join(mail.headers.values())}


def test_the_emails_are_found():
    assert {"send_acknowledgement", "send_answer"} <= {f.__name__ for f in functions(buyer)}
    assert {"notify_of_message", "notify_assigned_contact"} <= {
        f.__name__ for f in functions(staff)
    }


def test_every_module_that_queues_emails_is_checked():
    """Every other module that uses the outbox has to be tested above."""
    names = [module.name for module in pkgutil.walk_packages(inquiries.__path__, "inquiries.")]
    used = [name for name in names if ".migrations" not in name and ".commands" not in name]
    found = [importlib.import_module(name) for name in used]
    modules = [module for module in found if not hasattr(module, "__path__")]
    assert {m for m in modules if getattr(m, "outbox", None) is outbox} == {buyer, queue}
    writers = {m for m in modules if hasattr(m, "queue_staff_email")}
    assert writers == {inquiry_lists, erasure_notice, queue, staff}


def test_a_reply_to_a_staff_email_does_not_reach_the_buyer(world):
    """The sender is the site's own address, and the Message-ID is in no buyer's thread."""
    inquiry = world["inquiry"]
    staff.notify_assigned_contact(inquiry, world["contact"])
    mail = Email.objects.get()
    assert not inquiry.events.filter(message_id=mail.message_id).exists()
