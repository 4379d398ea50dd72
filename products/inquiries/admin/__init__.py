"""Where managers assign inquiries and contacts answer them."""

from products.inquiries.admin.inquiries import InquiryAdmin

__all__ = ["InquiryAdmin"]
