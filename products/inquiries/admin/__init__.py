"""Where managers assign inquiries and contacts answer them."""

from products.inquiries.admin.answers import AnswerTemplateAdmin
from products.inquiries.admin.inquiries import InquiryAdmin

__all__ = ["AnswerTemplateAdmin", "InquiryAdmin"]
