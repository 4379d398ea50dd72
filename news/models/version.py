"""Versions of an article: one for each save, with the user and the time.

The *content* of an article is a dict of plain values. It is the same whether it comes from the
article, from one of its versions, or from pending changes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.fields.files import FieldFile
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from core.richtext.cleaning import clean_html
from core.richtext.fields import RichTextField

Content = dict[str, Any]

NOT_CONTENT = {"id", "status", "views", "withdrawn_at"}

# What was done to the article, as a few words for editors: the reason of a version, else its kind.
REASONS = {
    "published": _("Published"),
    "withdrawn": _("Unpublished"),
    "submitted": _("Submitted for approval"),
    "approved": _("Unpublished changes published"),
    "featured": _("Featured"),
    "unfeatured": _("No longer featured"),
    "moved": _("Moved to another category"),
    "restored": _("Earlier version restored"),
    "recovered": _("Recovered after deletion"),
    "untracked": _("Changed elsewhere"),
}
KINDS = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}


def content_fields(version_model: Any) -> list[Any]:
    """The fields that are compared and restored, one for each language of a translated text."""
    return [field for field in version_model.tracked_fields if field.name not in NOT_CONTENT]


def get_content(row: Any, version_model: Any, tag_ids: Iterable[int]) -> Content:
    """The content of `row`, an article or a version of one."""
    values = {
        field.name: _plain(getattr(row, field.attname)) for field in content_fields(version_model)
    }
    return {**values, "tags": sorted(tag_ids)}


def clean_content(content: Content, version_model: Any) -> Content:
    """The content with its rich texts cleaned, as the fields of a model clean them."""
    texts = [f.name for f in content_fields(version_model) if isinstance(f, RichTextField)]
    cleaned = {name: clean_html(content[name]) for name in texts if content.get(name)}
    return {**content, **cleaned}


def _plain(value: Any) -> Any:
    if isinstance(value, FieldFile):
        return value.name or ""
    return value.isoformat() if isinstance(value, datetime) else value


class ArticleVersionBase(models.Model):
    """The base of `ArticleVersion`, which django-simple-history creates from the article."""

    history_type: str
    history_change_reason: str | None
    tag_ids = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    @property
    def content(self) -> Content:
        return get_content(self, type(self), self.tag_ids)

    @property
    def title(self) -> str:
        """The title in the active language, else in the first language that has one."""
        codes = [translation.get_language() or "", *settings.MODELTRANSLATION_LANGUAGES]
        names = [build_localized_fieldname("title", code) for code in codes if code]
        return next((text for name in names if (text := getattr(self, name, None))), "")

    @property
    def action_label(self) -> str:
        """What was done to the article, as a few words for editors."""
        return str(REASONS.get(self.history_change_reason or "") or KINDS[self.history_type])


class ArticleVersions(HistoricalRecords):
    """Creates `ArticleVersion`, with an index for the list of deleted articles."""

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        deleted = models.Index(
            fields=["-history_id"], name="version_deleted", condition=models.Q(history_type="-")
        )
        return {**super().get_meta_options(model), "indexes": [deleted]}


@receiver(pre_create_historical_record)
def add_tag_ids(instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """Store the tags with a version that is written by a plain `Article.save`."""
    if isinstance(history_instance, ArticleVersionBase) and history_instance.history_type != "-":
        tag_ids = instance.tags.order_by().values_list("pk", flat=True)
        history_instance.tag_ids = sorted(tag_ids)
