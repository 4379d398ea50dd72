"""The cache tag of the company and its contacts, which are on every page."""

from contacts.models import Absence, Company, Contact, Holiday, Site, SocialLink, WorkingHours
from core.page_cache.changes import watch_all
from core.page_cache.versions import EVERY_PAGE


def watch_models() -> None:
    """Mark every page when one of these rows changes."""
    models = (Company, Site, SocialLink, Contact, WorkingHours, Holiday, Absence)
    watch_all(dict.fromkeys(models, EVERY_PAGE))
