"""Where managers assign inquiries and contacts answer them."""

from products.inquiries.admin.answers import AnswerTemplateAdmin
from products.inquiries.admin.contacts import InquiredContactAdmin
from products.inquiries.admin.desk import DeskAdmin
from products.inquiries.admin.inquiries import InquiryAdmin
from products.inquiries.admin.rules import AssignmentRuleAdmin

__all__ = [
    "AnswerTemplateAdmin",
    "AssignmentRuleAdmin",
    "DeskAdmin",
    "InquiredContactAdmin",
    "InquiryAdmin",
]
