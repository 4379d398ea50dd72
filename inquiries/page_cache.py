"""The inquiry settings and the rules of assignment.

Each process keeps them until the version of every page changes.
"""

from core.page_cache.changes import watch, watch_all
from core.page_cache.versions import EVERY_PAGE
from inquiries.models import AssignmentRule, InquirySettings
from inquiries.models.inquiry_settings import InquirySettingsQuerySet


def watch_models() -> None:
    """Mark every page when one of these rows changes."""
    watch_all({AssignmentRule: EVERY_PAGE})
    watch(
        InquirySettings,
        lambda settings: [EVERY_PAGE],
        ignore=InquirySettingsQuerySet.ignored_fields,
    )
