"""The company as one form, and the people who sell."""

from contacts.admin.company import CompanyAdmin
from contacts.admin.people import ContactAdmin

__all__ = ["CompanyAdmin", "ContactAdmin"]
