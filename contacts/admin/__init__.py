"""The admin of the company and its contacts; other apps add to it through `extensions`."""

from contacts.admin import dashboard  # noqa: F401, registers itself
from contacts.admin.company import CompanyAdmin
from contacts.admin.contact import ContactAdmin
from contacts.admin.site import SiteAdmin

__all__ = ["CompanyAdmin", "ContactAdmin", "SiteAdmin"]
