"""Articles as rows of a table."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from modeltranslation.utils import build_localized_fieldname

from core.spreadsheets import (
    BySlugWidget,
    SlugsWidget,
    SpreadsheetResource,
    TextField,
    TimeWidget,
)
from core.translated_rows import TranslatedRows
from news.models import Article, Category, Tag
from news.publishing import Status, may_publish

TEXTS = ["title", "summary", "body", "cover_alt"]
TRANSLATED = [
    build_localized_fieldname(name, language)
    for name in TEXTS
    for language in settings.LANGUAGES_WITH_CONTENT
]
PLAIN = [
    "author", "origin", "origin_url", "source_name", "source_author", "source_url",
    "source_permission",
]  # fmt: skip


class ArticleResource(TranslatedRows, SpreadsheetResource):
    translated = TEXTS
    told_by = "title"
    category = Field("category", "category", BySlugWidget(Category))
    tags = Field("tags", "tags", SlugsWidget(Tag))
    publish_time = Field("publish_time", "publish_time", TimeWidget())
    expire_time = Field("expire_time", "expire_time", TimeWidget())
    source_time = Field("source_time", "source_time", TimeWidget())
    was_online = False

    class Meta(SpreadsheetResource.Meta):
        model = Article
        fields = [
            "slug", *TRANSLATED, "status", "publish_time", "expire_time", "featured", "category",
            "tags", *PLAIN, "source_time",
        ]  # fmt: skip

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        field: Field = super().field_from_django_field(field_name, django_field, readonly)
        if field_name in TRANSLATED:
            return TextField(field_name, field_name, field.widget)
        return field

    def filter_export(self, queryset: QuerySet, **kwargs: Any) -> QuerySet:
        return queryset.defer(None).select_related("category").prefetch_related("tags")

    def after_init_instance(self, instance: Article, new: bool, row: Any, **kwargs: Any) -> None:
        self.was_online = not new and instance.status == Status.PUBLISHED

    def save_instance(self, instance: Article, is_create: bool, row: Any, **kwargs: Any) -> None:
        """One version, tags and all, in the name of who imports, if they may."""
        user = kwargs.get("user")
        is_online = self.was_online or instance.status == Status.PUBLISHED
        if user and is_online and not may_publish(user):
            raise ValidationError({"status": _("You may not publish or change what is online.")})
        with instance.recorded(user):
            super().save_instance(instance, is_create, row, **kwargs)
            self.save_m2m(instance, row, **kwargs)
