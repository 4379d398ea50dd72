"""The business actions on inquiries, one function each.

Each function runs in a transaction, locks the inquiry and reads it again, records an event, and
queues the e-mails. No other code changes the status of an inquiry.
"""

from inquiries.services.acknowledgement import (
    acknowledge_inquiry,
    acknowledge_waiting_inquiries,
)
from inquiries.services.answers import answer_inquiry, signing_contact
from inquiries.services.assignment import assign_automatically, assign_inquiry
from inquiries.services.digest import send_digests
from inquiries.services.erasure import erase_inquiry
from inquiries.services.errors import (
    ErasedInquiryError,
    InquiryError,
    MissingEmailError,
    StatusChangeError,
    UnassignedInquiryError,
)
from inquiries.services.events import record_event
from inquiries.services.merging import merge_inquiries
from inquiries.services.messages import (
    add_message,
    add_note,
    receive_message,
    report_delivery_failure,
)
from inquiries.services.notices import notify_of_further_messages
from inquiries.services.previews import make_previews
from inquiries.services.receiving import (
    create_inquiry,
    find_received_inquiry,
    receive_inquiry,
)
from inquiries.services.reminders import escalate_overdue_inquiries, send_reminders
from inquiries.services.splitting import split_inquiry
from inquiries.services.staff_emails import report_failed_staff_emails
from inquiries.services.status import change_status, release_inquiry
from inquiries.services.virus_scan import scan_waiting_attachments

__all__ = [
    "ErasedInquiryError",
    "InquiryError",
    "MissingEmailError",
    "StatusChangeError",
    "UnassignedInquiryError",
    "acknowledge_inquiry",
    "acknowledge_waiting_inquiries",
    "add_message",
    "add_note",
    "answer_inquiry",
    "assign_automatically",
    "assign_inquiry",
    "change_status",
    "create_inquiry",
    "erase_inquiry",
    "escalate_overdue_inquiries",
    "find_received_inquiry",
    "make_previews",
    "merge_inquiries",
    "notify_of_further_messages",
    "receive_inquiry",
    "receive_message",
    "record_event",
    "release_inquiry",
    "report_delivery_failure",
    "report_failed_staff_emails",
    "scan_waiting_attachments",
    "send_digests",
    "send_reminders",
    "signing_contact",
    "split_inquiry",
]
