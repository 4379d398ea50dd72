"""What can happen to a page."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_noop
from modeltranslation.utils import build_localized_fieldname

from core.pages.models import Page
from core.pages.translation import PageTranslation
from core.pages.versions import RESTORED
from core.richtext.models import Picture
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


def save_page(page: Page, *, by: User | None, reason: str = "") -> Page:
    """Save the page with a version that names the user."""
    saved: Any = page
    with transaction.atomic():
        # Read by django-simple-history.
        saved._history_user, saved._change_reason = by, reason
        page.save()
    return page


def restore_version(page: Page, version: Any, *, by: User) -> Page:
    """Restore the texts, cover and blocks of `version`; address and status stay."""
    with transaction.atomic():
        stored = Page.objects.select_for_update(of=("self",)).get(pk=page.pk)
        for name in PageTranslation.fields:
            for code in settings.MODELTRANSLATION_LANGUAGES:
                column = build_localized_fieldname(name, code)
                setattr(stored, column, getattr(version, column))
        stored.blocks = version.blocks
        # The picture may have been deleted since.
        stored.cover = Picture.objects.filter(pk=version.cover_id).first()
        save_page(stored, by=by, reason=RESTORED)
        log_action(
            StaffAction.Kind.CHANGED,
            stored,
            by=by,
            message=gettext_noop("Earlier version restored"),
        )
    return stored
