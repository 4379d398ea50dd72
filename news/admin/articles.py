"""Where editors write."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.admin import TranslatedAdmin
from config.richtext.admin import RichTextAdminMixin
from news.models import Article


@admin.register(Article)
class ArticleAdmin(RichTextAdminMixin, TranslatedAdmin):
    list_display = ["title", "state", "publish_time", "category", "author", "featured", "views"]
    list_filter = ["status", "category", "featured", "publish_time"]
    list_per_page = 50
    date_hierarchy = "publish_time"
    search_fields = ["title", "summary", "slug", "author"]
    search_help_text = _("Title, summary, address or author")
    autocomplete_fields = ["tags"]
    readonly_fields = ["views"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (_("Cover"), {"fields": ["cover", "cover_alt"]}),
        (
            _("Publishing"),
            {
                "fields": ["status", "publish_time", "featured", "views"],
                "description": _(
                    "A draft is seen by nobody. A published article appears at its publish time."
                ),
            },
        ),
        (_("Filing"), {"fields": ["category", "tags", "slug"]}),
        (_("Author and origin"), {"fields": ["author", "origin", "origin_url"]}),
        (
            _("Republished from elsewhere"),
            {
                "fields": ["source_name", "source_author", "source_time"],
                "classes": ["collapse"],
                "description": _("Shown as one line above the text, as a credit to the source."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        queryset = super().get_queryset(request)
        if request.path == reverse("admin:news_article_changelist"):
            return queryset.select_related("category").defer("body")
        return queryset

    @admin.display(description=_("status"), ordering="status")
    def state(self, article: Article) -> str:
        """Draft, published or, with a time that lies ahead, scheduled."""
        return article.state
