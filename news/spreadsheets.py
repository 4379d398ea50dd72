"""Articles as rows of a spreadsheet."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from modeltranslation.utils import build_localized_fieldname

from core.spreadsheets import (
    SlugsWidget,
    SlugWidget,
    SpreadsheetResource,
    TextField,
    TimeWidget,
)
from core.translated_rows import TranslatedRows
from news.models import Article, Category, Tag
from news.services.publishing import save_article

TEXTS = ["title", "summary", "body", "cover_alt"]
TRANSLATED = [
    build_localized_fieldname(name, language)
    for name in TEXTS
    for language in settings.LANGUAGES_WITH_CONTENT
]
UNTRANSLATED = [
    "author", "origin", "origin_url", "source_name", "source_author", "source_url",
    "source_permission",
]  # fmt: skip


class ArticleResource(TranslatedRows, SpreadsheetResource):
    translated_fields = TEXTS
    required_field = "title"
    category = Field("category", "category", SlugWidget(Category))
    tags = Field("tags", "tags", SlugsWidget(Tag))
    publish_time = Field("publish_time", "publish_time", TimeWidget())
    expire_time = Field("expire_time", "expire_time", TimeWidget())
    source_time = Field("source_time", "source_time", TimeWidget())

    class Meta(SpreadsheetResource.Meta):
        model = Article
        fields = [
            "slug", *TRANSLATED, "status", "publish_time", "expire_time", "featured", "category",
            "tags", *UNTRANSLATED, "source_time",
        ]  # fmt: skip

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        field: Field = super().field_from_django_field(field_name, django_field, readonly)
        if field_name in TRANSLATED:
            return TextField(field_name, field_name, field.widget)
        return field

    def filter_export(self, queryset: QuerySet, **kwargs: Any) -> QuerySet:
        return queryset.defer(None).select_related("category").prefetch_related("tags")

    def save_instance(self, instance: Article, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save a row as one version, tags included.

        Raises ValidationError if the importing user may not publish, and the row is or becomes
        published.
        """
        tag_ids = self._tag_ids(instance, row)
        try:
            saved = save_article(
                instance,
                instance.content_with_tags(tag_ids),
                status=instance.status,
                by=kwargs.get("user"),
                reason="",
                keep_pending=True,
            )
        except PermissionDenied as error:
            text = _("You do not have permission to publish or edit published articles.")
            raise ValidationError({"status": text}) from error
        instance.apply_content(saved.content)  # cleaned, as the table of changes shows it

    def _tag_ids(self, instance: Article, row: Any) -> list[int]:
        if "tags" in row:
            return [tag.pk for tag in self.fields["tags"].clean(row)]
        return list(instance.tags.values_list("pk", flat=True)) if instance.pk else []
