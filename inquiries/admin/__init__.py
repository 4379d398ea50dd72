"""The admin where managers assign inquiries and contacts answer them."""

from inquiries.admin import contacts, dashboard  # noqa: F401, they register themselves
from inquiries.admin.answer_template import AnswerTemplateAdmin
from inquiries.admin.assignment_rule import AssignmentRuleAdmin
from inquiries.admin.inquiry import InquiryAdmin
from inquiries.admin.inquiry_settings import InquirySettingsAdmin
from inquiries.admin.unprocessed_email import UnprocessedEmailAdmin

__all__ = [
    "AnswerTemplateAdmin",
    "AssignmentRuleAdmin",
    "InquiryAdmin",
    "InquirySettingsAdmin",
    "UnprocessedEmailAdmin",
]
