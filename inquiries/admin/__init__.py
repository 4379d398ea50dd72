"""Where managers assign inquiries and contacts answer them."""

from inquiries.admin import dashboard  # noqa: F401, registers itself
from inquiries.admin.answers import AnswerTemplateAdmin
from inquiries.admin.contacts import InquiredContactAdmin
from inquiries.admin.desk import DeskAdmin
from inquiries.admin.inquiries import InquiryAdmin
from inquiries.admin.rules import AssignmentRuleAdmin

__all__ = [
    "AnswerTemplateAdmin",
    "AssignmentRuleAdmin",
    "DeskAdmin",
    "InquiredContactAdmin",
    "InquiryAdmin",
]
