"""The e-mails to the staff about one inquiry, never to the buyer."""

import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from contacts.models import Contact
from core.absolute_urls import absolute_url
from inquiries.admin_urls import inquiry_change_url
from inquiries.display.deadlines import Deadline
from inquiries.emails.queue import queue_staff_email
from inquiries.emails.recipients import (
    is_valid_email,
    manager_emails,
    reachable_contact,
    responsible_emails,
)
from inquiries.models import Inquiry, InquiryLine

logger = logging.getLogger(__name__)


class Content(NamedTuple):
    """The lines and the names of the files of an inquiry, where they are known without a query."""

    lines: Iterable[InquiryLine]
    files: Iterable[str]


def notify_managers_of_new_inquiry(inquiry: Inquiry, content: Content | None = None) -> None:
    """Notify the managers of a new inquiry that is not assigned yet."""
    _queue("new_inquiry", inquiry, manager_emails(), content, deadline=Deadline.of(inquiry))


def notify_assigned_contact(
    inquiry: Inquiry, contact: Contact, content: Content | None = None
) -> None:
    """Notify the contact, or today's substitute, of the assignment.

    If neither can be reached by e-mail, the managers are notified instead.
    """
    if recipient := reachable_contact(contact):
        details = {"recipient": recipient, "contact": contact, "deadline": Deadline.of(inquiry)}
        _queue("assigned", inquiry, [recipient.notification_email], content, **details)
        return
    logger.warning("%s cannot be notified of inquiry %s.", contact, inquiry)
    _queue("unreachable_contact", inquiry, manager_emails(), content, contact=contact)


def notify_previous_contact(inquiry: Inquiry, previous: Contact, by: User | None) -> None:
    """Notify the previous contact and the substitute that the inquiry was reassigned.

    The user who reassigned it (`by`), the new contact and inactive contacts are not notified.
    """
    new = reachable_contact(inquiry.assigned_to)
    contacts = [previous, previous.responsible]
    to = {contact.notification_email for contact in contacts if contact and contact.is_active}
    others = sorted(to - {"", new.notification_email if new else "", by.email if by else ""})
    _queue("unassigned", inquiry, filter(is_valid_email, others), by=by)


def notify_of_message(inquiry: Inquiry, text: str) -> None:
    """Notify the contact who answers, else the managers, of a message from the buyer."""
    _queue("new_message", inquiry, responsible_emails(inquiry.assigned_to), text=text)


def notify_of_further_messages(inquiry: Inquiry, count: int) -> None:
    """Notify the same people of `count` messages and error reports at once."""
    to = responsible_emails(inquiry.assigned_to)
    _queue("further_messages", inquiry, to, count=count)


def notify_of_delivery_failure(inquiry: Inquiry, report: str) -> None:
    """Notify the contact who answers, else the managers, of an undelivered e-mail.

    `report` is the error text of the mail servers.
    """
    _queue("delivery_failure", inquiry, responsible_emails(inquiry.assigned_to), text=report)


def _queue(
    template: str,
    inquiry: Inquiry,
    to: Iterable[str],
    content: Content | None = None,
    **context: Any,
) -> None:
    """Queue an e-mail about the inquiry with a link to its page in the admin."""
    url = absolute_url(inquiry_change_url(inquiry.pk))
    if content is None:
        files = inquiry.attachments.values_list("name", flat=True)
        content = Content(inquiry.lines.all(), files)
    queue_staff_email(template, to, inquiry=inquiry, url=url, **content._asdict(), **context)
