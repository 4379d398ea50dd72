"""Inquiries, what they ask for, and everything that happens to them."""

from products.inquiries.models.answers import AnswerTemplate
from products.inquiries.models.attachments import Attachment
from products.inquiries.models.desk import Desk
from products.inquiries.models.events import InquiryEvent
from products.inquiries.models.inquiries import Inquiry
from products.inquiries.models.lines import InquiryLine
from products.inquiries.models.references import FormerReference
from products.inquiries.models.rules import AssignmentRule

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
