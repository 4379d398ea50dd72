"""Inquiries, their products, messages, events and files, and the settings for handling them."""

from inquiries.models.answer_template import AnswerTemplate
from inquiries.models.assignment_rule import AssignmentRule
from inquiries.models.attachment import Attachment
from inquiries.models.daily_inquiries import DailyInquiries
from inquiries.models.former_reference import FormerReference
from inquiries.models.inquiry import Inquiry
from inquiries.models.inquiry_event import AssignmentReason, InquiryEvent
from inquiries.models.inquiry_line import InquiryLine
from inquiries.models.inquiry_settings import InquirySettings
from inquiries.models.mailbox import Mailbox
from inquiries.models.querysets import InquiryQuerySet
from inquiries.models.search_text import InquirySearchText
from inquiries.models.trade_terms import Currency, Incoterm
from inquiries.models.unprocessed_email import UnprocessedEmail

__all__ = [
    "AnswerTemplate",
    "AssignmentReason",
    "AssignmentRule",
    "Attachment",
    "Currency",
    "DailyInquiries",
    "FormerReference",
    "Incoterm",
    "Inquiry",
    "InquiryEvent",
    "InquiryLine",
    "InquiryQuerySet",
    "InquirySearchText",
    "InquirySettings",
    "Mailbox",
    "UnprocessedEmail",
]
