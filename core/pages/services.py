"""What can happen to a page."""

from django.contrib.auth.models import User
from django.db import transaction

from core.pages.models import Page


def save_page(page: Page, *, by: User | None) -> Page:
    """Save the page with a version that names the user.

    A published page that becomes the home page takes the place of the one before.
    """
    with transaction.atomic():
        page._history_user = by  # type: ignore[attr-defined]  # read by django-simple-history
        page.save()
    return page
