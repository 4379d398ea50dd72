"""The inquiry settings, which each process keeps until the version of every page changes."""

from core.page_cache.changes import watch
from core.page_cache.versions import EVERY_PAGE
from inquiries.models import InquirySettings
from inquiries.models.inquiry_settings import InquirySettingsQuerySet


def watch_models() -> None:
    """Mark every page when the settings change."""
    watch(
        InquirySettings,
        lambda settings: [EVERY_PAGE],
        ignore=InquirySettingsQuerySet.ignored_fields,
    )
