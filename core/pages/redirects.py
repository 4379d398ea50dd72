"""Redirects from the old paths of pages that have moved."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.redirects.models import Redirect


def add_redirects(moved: Iterable[tuple[str, str]]) -> None:
    """Redirect permanently from each old path to its new one.

    Existing redirects to an old path are changed to its new path, so that there are no chains. A
    redirect from a new path is deleted, because that path has a page again.
    """
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID)
    for old, new in moved:
        redirects.filter(old_path=new).delete()
        redirects.filter(new_path=old).update(new_path=new)
        Redirect.objects.update_or_create(
            site_id=settings.SITE_ID, old_path=old, defaults={"new_path": new}
        )
