"""Where editors write."""

from django.contrib import admin
from django.db import models
from django.forms import Media
from django.utils.translation import gettext_lazy as _

from core.admin.translated import TranslatedAdmin
from core.richtext.admin import TranslatedRichTextAdmin
from core.spreadsheets import SpreadsheetMixin
from news.admin.bulk import BulkMixin
from news.admin.forms import TimeField
from news.admin.look_over import LookOverMixin
from news.admin.preview import PreviewMixin
from news.admin.publishing import PublishingMixin, StateFilter
from news.admin.readings import ReadingsMixin
from news.admin.versions import VersionsMixin
from news.models import Article
from news.spreadsheets import ArticleResource


@admin.register(Article)
class ArticleAdmin(
    LookOverMixin,
    PreviewMixin,
    VersionsMixin,
    BulkMixin,
    PublishingMixin,
    ReadingsMixin,
    SpreadsheetMixin,
    TranslatedRichTextAdmin,
):
    resource_classes = [ArticleResource]
    list_display = [
        "title", "state", "publish_time_in_zone", "category", "author", "featured", "views",
    ]  # fmt: skip
    list_filter = [StateFilter, "category", "featured", "publish_time"]
    formfield_overrides = {
        **TranslatedAdmin.formfield_overrides,
        models.DateTimeField: {"form_class": TimeField},
    }
    list_per_page = 50
    date_hierarchy = "publish_time"
    search_fields = ["title", "summary", "slug", "author"]
    search_help_text = _("Title, summary, address or author")
    autocomplete_fields = ["tags", "related_articles"]
    readonly_fields = ["views", "readings"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (_("Cover"), {"fields": ["cover", "cover_alt", "cover_focus"]}),
        (
            _("Publishing"),
            {
                "fields": ["status", "publish_time", "expire_time", "featured"],
                "description": _(
                    "A draft is seen by nobody. A published article appears at its publish time."
                ),
            },
        ),
        (_("Filing"), {"fields": ["category", "tags", "related_articles", "slug"]}),
        (_("Author and origin"), {"fields": ["author", "origin", "origin_url"]}),
        (_("How it is read"), {"fields": ["views", "readings"]}),
        (
            _("Republished from elsewhere"),
            {
                "fields": [
                    "source_name",
                    "source_author",
                    "source_time",
                    "source_url",
                    "source_permission",
                ],
                "classes": ["collapse"],
                "description": _("Shown as one line above the text, as a credit to the source."),
            },
        ),
    ]

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["admin/publishing.css"]})
