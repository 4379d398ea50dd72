"""The company as one form, and the people who sell."""

from contacts.admin import dashboard  # noqa: F401, registers itself
from contacts.admin.company import CompanyAdmin
from contacts.admin.people import ContactAdmin

__all__ = ["CompanyAdmin", "ContactAdmin"]
