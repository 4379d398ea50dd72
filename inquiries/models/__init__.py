"""Inquiries, what they ask for, and everything that happens to them."""

from inquiries.models.answers import AnswerTemplate
from inquiries.models.attachments import Attachment
from inquiries.models.desk import Desk
from inquiries.models.events import InquiryEvent
from inquiries.models.inquiries import Inquiry
from inquiries.models.lines import InquiryLine
from inquiries.models.references import FormerReference
from inquiries.models.rules import AssignmentRule

__all__ = [
    "AnswerTemplate",
    "AssignmentRule",
    "Attachment",
    "Desk",
    "FormerReference",
    "Inquiry",
    "InquiryEvent",
    "InquiryLine",
]
