"""Inbound e-mails, as buyers, colleagues and mail servers send them."""

from email.message import EmailMessage
from email.utils import make_msgid

from inquiries.models import InquiryEvent


def mail(text: str = "Yes, five.", **headers: str) -> EmailMessage:
    """An e-mail from the buyer; `in_reply_to="<…>"` sets the header In-Reply-To, and so on."""
    message = EmailMessage()
    defaults = {
        "from": "Peter Sample <peter@example.com>",
        "to": "replies@example.com",
        "subject": "Re: Your inquiry",
        "message_id": make_msgid(domain="mail.example.com"),
    }
    for name, value in (defaults | headers).items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def reply(inquiry, text: str = "Yes, five.", **headers: str) -> EmailMessage:
    """An e-mail from the buyer that replies to our last one."""
    last = inquiry.events.exclude(message_id="").last()
    return mail(text, **{"in_reply_to": last.message_id, **headers})


def bounce(inquiry, action: str = "failed") -> bytes:
    """A delivery report (RFC 3464) about our last e-mail to the buyer."""
    last: InquiryEvent = inquiry.events.exclude(message_id="").last()
    return BOUNCE.format(action=action, id=last.message_id).replace("\n", "\r\n").encode()


BOUNCE = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example.com>
To: noreply@localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mail.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; peter@example.com
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--B
Content-Type: text/rfc822-headers

From: noreply@localhost
Message-ID: {id}
Subject: Your inquiry

--B--
"""
