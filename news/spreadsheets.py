"""Articles as rows of a spreadsheet."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from modeltranslation.utils import build_localized_fieldname

from core.spreadsheets.resources import SpreadsheetResource
from core.spreadsheets.widgets import CategoryWidget, ItemsWidget, TextField, TimeWidget
from core.translated_rows import TranslatedRows
from news.models import Article, Category, Tag
from news.services.publishing import save_article

TEXTS = ["title", "summary", "body", "cover_alt"]
TRANSLATED = [
    build_localized_fieldname(name, language)
    for name in TEXTS
    for language in settings.MODELTRANSLATION_LANGUAGES
]
TAG_NAMES = [
    build_localized_fieldname("name", code) for code in settings.MODELTRANSLATION_LANGUAGES
]
UNTRANSLATED = [
    "author", "origin", "origin_url", "source_name", "source_author", "source_url",
    "source_permission",
]  # fmt: skip


SAMPLE_ROWS: list[dict[str, Any]] = [
    {
        "slug": "example-new-crusher",
        "title_en": "Example: a new crusher",
        "title_zh_hans": "示例：新型破碎机",
        "title_ar": "مثال: كسارة جديدة",
        "summary_en": "The new crusher needs less power.",
        "body_en": "<p>The new crusher needs a quarter less power.</p>",
        "status": "draft",
        "publish_time": "2026-03-02 09:00:00+08:00",
        "featured": 0,
        "author": "Site Editor",
        "origin": "Site",
    },
    {
        "title_en": "Example: visitors at the works",
        "body_en": "<p>Three visitors saw the assembly.</p>",
        "status": "draft",
        "publish_time": "2026-03-05 14:30:00+08:00",
        "featured": 0,
        "author": "Site Editor",
        "origin": "Site",
    },
]


class ArticleResource(TranslatedRows, SpreadsheetResource):
    translated_fields = TEXTS
    required_field = title = "title"
    category = Field("category", "category", CategoryWidget(Category))
    tags = Field("tags", "tags", ItemsWidget(Tag, TAG_NAMES))
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

    def explain(self, field: Field) -> str:
        """What belongs into a column, also for the tags."""
        if field.column_name == "tags":
            return _("Tags: their names, separated by commas.")
        return super().explain(field)

    def get_sample_rows(self) -> list[dict[str, Any]]:
        """Example articles in the first category, if there is one."""
        category = Category.objects.first()
        path = " > ".join(row.name for row in category.with_ancestors()) if category else ""
        return [{**row, "category": path} for row in SAMPLE_ROWS]

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
