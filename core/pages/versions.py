"""Versions of a page: one for each save, with the user and the time."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

RESTORED = "restored"
KINDS = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}


class PageVersionBase(models.Model):
    """The base of `PageVersion`, which django-simple-history creates from the page."""

    history_type: str
    history_change_reason: str | None

    class Meta:
        abstract = True

    @property
    def content(self) -> "PageVersionBase":
        """What is compared with other versions: the row itself."""
        return self

    @property
    def action_label(self) -> str:
        """What was done to the page, as a few words for editors."""
        if self.history_change_reason == RESTORED:
            return str(_("Earlier version restored"))
        return str(KINDS[self.history_type])


class PageVersions(HistoricalRecords):
    """Creates `PageVersion`, with an index for the versions of one page."""

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        newest = models.Index(fields=["id", "-history_id"], name="page_version_newest")
        return {**super().get_meta_options(model), "indexes": [newest]}
