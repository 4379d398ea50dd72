"""E-mails go either to the buyer or to the staff; internal texts never reach a buyer.

Every public function of the modules that queue e-mails is called here. A function with a new
parameter needs a value for it in the fixture `arguments`.
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
from inquiries.emails import buyer, erasure_notice, failure_notice, inquiry_lists, queue, staff
from inquiries.services import add_message, add_note, assign_inquiry, record_event
from tests.factories import make_company, make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db

SITE_ADDRESSES = {"noreply@localhost", "replies@example.com"}
STAFF = {"boss@example.com", "july@example.com", "candy@example.com", "company@example.com"}
HEADERS = {"Auto-Submitted", "Reply-To", "In-Reply-To", "References"}


def public_functions(module) -> list:
    """The public functions that are defined in the module."""
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


FOR_STAFF = [
    *public_functions(staff),
    *public_functions(inquiry_lists),
    *public_functions(erasure_notice),
    *public_functions(failure_notice),
]


@pytest.fixture(params=["", "replies@example.com"], ids=["no-mailbox", "mailbox"])
def arguments(request, settings):
    """A value for each parameter; the inquiry has texts for the buyer and for the staff."""
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
        "day": date(2026, 12, 24),
        "inquiries": [inquiry],
        "sections": [inquiry_lists.InquiryList([inquiry], 1)],
        "open_count": 1,
        "count": 7,
        "previous": make_contact(name="July", email="july@example.com"),
        "by": boss,
        "failures": ["july@example.com · ARGUMENT-TEXT"],
        "report": "ARGUMENT-TEXT\nBcc: victim@example.com",
        "text": "ARGUMENT-TEXT\nBcc: victim@example.com",
    }


def queued_emails(function, arguments) -> list[Email]:
    """The e-mails that a function queues."""
    parameters = inspect.signature(function).parameters.values()
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in arguments]
    assert not missing, f"{function.__qualname__} takes {missing}: add it to the fixture"
    function(**{p.name: arguments[p.name] for p in parameters if p.name in arguments})
    mails = list(Email.objects.all())
    assert mails, f"{function.__qualname__} queues no e-mail"
    return mails


@pytest.mark.parametrize("function", public_functions(buyer), ids=lambda f: f.__name__)
def test_emails_to_the_buyer_go_only_to_the_buyer(function, arguments):
    [mail] = queued_emails(function, arguments)
    assert mail.to == ["peter@example.com"]
    assert not mail.cc + mail.bcc
    assert parseaddr(mail.from_email)[1] in SITE_ADDRESSES
    assert set(mail.headers) <= HEADERS
    assert mail.headers.get("Reply-To", "") in SITE_ADDRESSES | {
        arguments["contact"].notification_email,
        "",
    }
    everything = f"{mail.from_email} {mail.subject} {mail.headers} {mail.message}"
    for secret in ("STAFF-NOTE", "/admin/", "OTHER-", "other@", "boss", "SPAM-TEXT"):
        assert secret not in everything
    assert_safe_headers(mail)


@pytest.mark.parametrize("function", FOR_STAFF, ids=lambda function: function.__name__)
def test_emails_to_the_staff_never_go_to_a_buyer(function, arguments):
    for mail in queued_emails(function, arguments):
        assert set(mail.to) <= STAFF
        assert not mail.cc + mail.bcc
        assert parseaddr(mail.from_email)[1] in SITE_ADDRESSES
        assert set(mail.headers) <= HEADERS
        assert "Reply-To" not in mail.headers, "a reply would have to go to the staff"
        assert mail.headers["Auto-Submitted"] in {"auto-generated", "auto-notified"}
        assert "/inquiry/status/" not in mail.message, (
            "only the buyer gets the link to the status page"
        )
        assert_safe_headers(mail)


def assert_safe_headers(mail: Email) -> None:
    """No text of a message appears in a header or adds one."""
    headers = f"{mail.from_email}\0{mail.subject}\0{mail.headers}"
    for text in ("BUYERS-TEXT", "BUYERS-SECOND", "ARGUMENT-TEXT", "Bcc", "victim"):
        assert text not in headers
    assert not set("\r\n") & {*mail.from_email, *mail.subject, *"".join(mail.headers.values())}


def test_the_emails_are_found():
    assert {"send_acknowledgement", "send_answer"} <= {f.__name__ for f in public_functions(buyer)}
    assert {"notify_of_message", "notify_assigned_contact"} <= {
        f.__name__ for f in public_functions(staff)
    }


def test_every_module_that_queues_emails_is_checked():
    """Every other module that uses the outbox has to be tested above."""
    names = [module.name for module in pkgutil.walk_packages(inquiries.__path__, "inquiries.")]
    checked = [name for name in names if ".migrations" not in name and ".commands" not in name]
    imported = [importlib.import_module(name) for name in checked]
    modules = [module for module in imported if not hasattr(module, "__path__")]
    assert {m for m in modules if getattr(m, "outbox", None) is outbox} == {buyer, queue}
    staff_modules = {m for m in modules if hasattr(m, "queue_staff_email")}
    assert staff_modules == {inquiry_lists, erasure_notice, failure_notice, queue, staff}


def test_a_reply_to_a_staff_email_does_not_reach_the_buyer(arguments):
    """The sender is the site, and the Message-ID belongs to no buyer's thread."""
    inquiry = arguments["inquiry"]
    staff.notify_assigned_contact(inquiry, arguments["contact"])
    mail = Email.objects.get()
    assert not inquiry.events.filter(message_id=mail.message_id).exists()
