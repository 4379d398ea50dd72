"""The e-mails to the buyer, never to the staff."""

from collections.abc import Iterable, Sequence

from django.utils import translation
from post_office.models import Email

from contacts.models import Company, Contact
from core.languages import language_of_site
from core.mail import outbox
from inquiries.display.deadlines import Deadline
from inquiries.emails import threads
from inquiries.emails.salutation import salutation
from inquiries.models import Attachment, Inquiry, InquiryLine

MAX_ATTACHED_BYTES = 10 * 1024 * 1024  # mail servers refuse larger e-mails


def send_acknowledgement(
    inquiry: Inquiry,
    thread: Sequence[str] | None = None,
    lines: Iterable[InquiryLine] | None = None,
) -> Email:
    """Queue the first e-mail to a buyer, with reference, deadline and link to the status page.

    It repeats the products and their quantities. Of the visitor's texts it only contains the name,
    since the address may be a stranger's; the others are on the status page. `thread` are the
    Message-IDs of earlier e-mails, and `lines` the products, if they are known.
    """
    if lines is None:
        lines = inquiry.lines.select_related("product")
    headers = {"Auto-Submitted": "auto-replied"}  # so that no program replies to it
    headers |= threads.reply_to()
    headers |= threads.thread_headers(inquiry) if thread is None else threads.reply_headers(thread)
    with translation.override(language_of_site(inquiry.language)):
        context = {
            "reference": inquiry.reference,
            "name": salutation(inquiry.name),
            "promise": Deadline.of(inquiry).promise,
            "products": [text for line in lines if (text := line.catalogue_text)],
            "url": inquiry.status_url,
            "company": Company.current(),
        }
        template = "inquiries/emails/acknowledgement"
        return outbox.queue_email(template, context, [inquiry.email], headers)


def send_answer(
    inquiry: Inquiry, contact: Contact, text: str, files: Sequence[Attachment] = ()
) -> Email:
    """Queue an answer of `contact`, in the buyer's language and in the existing e-mail thread.

    Up to MAX_ATTACHED_BYTES together, the files are attached; else the e-mail links to the buyer's
    page, which has them.
    """
    is_attached = sum(file.size for file in files) <= MAX_ATTACHED_BYTES
    thread = threads.thread_headers(inquiry)
    headers = threads.reply_to(contact) | thread
    with translation.override(language_of_site(inquiry.language)):
        context = {
            "inquiry": inquiry,
            "text": text,
            "files": files,
            "is_attached": is_attached,
            "contact": contact,
            "url": inquiry.status_url,
            "company": Company.current(),
            "is_reply": bool(thread),
            "quotation": threads.quotation(inquiry),
        }
        sender = threads.sender(contact)
        return outbox.queue_email(
            "inquiries/emails/answer",
            context,
            [inquiry.email],
            headers,
            sender,
            attachments=[
                outbox.EmailAttachment(file.name, str(file.file.name))
                for file in files
                if is_attached
            ],
        )
