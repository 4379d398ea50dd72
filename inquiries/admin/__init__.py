"""The admin in which managers assign inquiries and contacts answer them."""

from inquiries.admin import dashboard  # noqa: F401, registers itself
from inquiries.admin.answer_template import AnswerTemplateAdmin
from inquiries.admin.assignment_rule import AssignmentRuleAdmin
from inquiries.admin.contacts import InquiredContactAdmin
from inquiries.admin.inquiry import InquiryAdmin
from inquiries.admin.inquiry_settings import DeskAdmin

__all__ = [
    "AnswerTemplateAdmin",
    "AssignmentRuleAdmin",
    "DeskAdmin",
    "InquiredContactAdmin",
    "InquiryAdmin",
]
