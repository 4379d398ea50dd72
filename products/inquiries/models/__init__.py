"""Inquiries, what they ask for, and everything that happens to them."""

from products.inquiries.models.attachments import Attachment
from products.inquiries.models.events import InquiryEvent
from products.inquiries.models.inquiries import Inquiry
from products.inquiries.models.lines import InquiryLine

__all__ = ["Attachment", "Inquiry", "InquiryEvent", "InquiryLine"]
