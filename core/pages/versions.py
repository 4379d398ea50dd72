"""Versions of a page: one for each save, with the user and the time."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class PageVersionBase(models.Model):
    """The base of `PageVersion`, which django-simple-history creates from the page."""

    history_type: str

    class Meta:
        abstract = True


class PageVersions(HistoricalRecords):
    """Creates `PageVersion`, with an index for the versions of one page."""

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        newest = models.Index(fields=["id", "-history_id"], name="page_version_newest")
        return {**super().get_meta_options(model), "indexes": [newest]}
