"""The list and the form of articles in the admin. Other pages are in `news.admin.views`."""

from functools import reduce
from operator import or_
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Q, QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin.lists import BoundedChangeList
from core.http import logged_in_user
from core.richtext.admin import TranslatedRichTextAdmin
from core.search.ranking import matching_ids
from core.spreadsheets.admin import SpreadsheetMixin
from core.text.search_query import clean_query, parse_query, split_query
from core.time_zone import time_zone_name, with_time_zone
from core.trigram_tables import narrow
from news.admin import actions
from news.admin.charts import article_views_chart
from news.admin.editing_presence import start_editing, stop_editing
from news.admin.filters import StateFilter
from news.admin.forms import ArticleForm, ReadOnlyArticleForm, TimeField
from news.admin.urls import urlpatterns
from news.admin.views.content_checks import form_check_context
from news.models import Article, ArticleQuerySet
from news.permissions import can_publish, can_recover
from news.preview import PREVIEW_LINK_LIFETIME, preview_link_expiry, preview_url
from news.services.pending_changes import get_pending_changes
from news.services.publishing import approve_article, save_article, save_draft

MIN_PART_LENGTH = 3  # of the parts of words that are searched


def _was_scheduled(request: HttpRequest, article: Article) -> bool:
    """Whether a scheduled article was saved, with a button that does not open another form."""
    opens_other_form = "_addanother" in request.POST or IS_POPUP_VAR in request.POST
    return article.state == Article.State.SCHEDULED and not opens_other_form


class ArticleChangeList(BoundedChangeList):
    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Article]:
        articles = cast(ArticleQuerySet, super().get_queryset(request, exclude_parameters))
        return articles.for_admin_list()


@admin.register(Article)
class ArticleAdmin(SpreadsheetMixin, TranslatedRichTextAdmin):
    form = ArticleForm
    resource = "news.spreadsheets.ArticleResource"
    list_display = [
        "title", "state", "publish_time_in_zone", "category", "author", "featured", "view_count",
    ]  # fmt: skip
    sortable_by = ["title", "publish_time_in_zone", "view_count"]  # columns with an index
    list_filter = [StateFilter, "category", "featured", "publish_time"]
    formfield_overrides = {
        **TranslatedRichTextAdmin.formfield_overrides,
        models.DateTimeField: {"form_class": TimeField},
    }
    list_per_page = 50
    date_hierarchy = "publish_time"
    search_fields = ["title", "summary", "slug", "author"]
    search_help_text = _("Words of the title, summary, text or tags; slug or author")
    change_list_template = "admin/news/article/change_list.html"
    action_form = actions.ArticleActionForm
    actions = [
        actions.publish,
        actions.withdraw,
        actions.feature,
        actions.unfeature,
        actions.move_to_category,
    ]
    autocomplete_fields = ["tags", "related_articles"]
    readonly_fields = ["views", "views_by_day"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (_("Cover"), {"fields": ["cover", "cover_alt", "cover_focus"]}),
        (
            _("Publishing"),
            {
                "fields": ["status", "publish_time", "expire_time", "featured"],
                "description": _(
                    "Drafts are not public. A published article appears at its publish time."
                ),
            },
        ),
        (_("Classification"), {"fields": ["category", "tags", "related_articles", "slug"]}),
        (_("Author and origin"), {"fields": ["author", "origin", "origin_url"]}),
        (_("Statistics"), {"fields": ["views", "views_by_day"]}),
        (
            _("Republished from another source"),
            {
                "fields": [
                    "source_name",
                    "source_author",
                    "source_time",
                    "source_url",
                    "source_permission",
                ],
                "classes": ["collapse"],
                "description": _("Shown as a credit line above the text."),
            },
        ),
    ]

    @property
    def media(self) -> Media:
        css = ["admin/publishing.css", "admin/content_checks.css"]
        return super().media + Media(css={"all": css}, js=["admin/content_checks.js"])

    def get_urls(self) -> list[URLPattern]:
        return [*urlpatterns, *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_recover": can_recover(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Search parts of words in `search_fields`, and words of any text in any language.

        An index of parts of words has none of less than three characters.
        """
        query = clean_query(search_term)
        if not query:
            return queryset, False
        if (with_slug := queryset.filter(slug=query)).exists():
            return with_slug, False
        with_words = queryset.filter(pk__in=matching_ids(parse_query(query), Article))
        parts = split_query(query)
        if any(part.is_excluded or len(part.text) < MIN_PART_LENGTH for part in parts):
            return with_words, False
        condition = Q()
        for part in parts:
            fields = [Q(**{f"{name}__icontains": part.text}) for name in self.search_fields]
            condition &= reduce(or_, fields)
        return narrow(queryset, Article, condition).filter(condition) | with_words, False

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether Django offers actions with `permissions=["publish"]`."""
        return can_publish(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        may_delete = super().has_delete_permission(request, obj)
        if obj is not None and obj.status == Article.Status.PUBLISHED:
            return may_delete and can_publish(request.user)
        return may_delete

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        may_write = self.has_change_permission(request, obj) if obj else True
        kwargs.setdefault("form", ArticleForm if may_write else ReadOnlyArticleForm)
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the form as one version, including its tags, or as pending changes."""
        by, content = logged_in_user(request), form.get_content()
        if form.becomes_pending:
            save_draft(obj, content, by=by)
        elif obj.pending and obj.status == Article.Status.PUBLISHED:
            self.save_alt_texts(approve_article(obj, content, by=by))
        elif obj.pending or not change or form.changes_the_article:
            self.save_alt_texts(save_article(obj, content, status=obj.status, by=by))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if not form.becomes_pending:
            super().save_related(request, form, formsets, change)
        elif can_publish(request.user):  # related articles are not part of the pending content
            form.instance.related_articles.set(form.cleaned_data["related_articles"])

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        if _was_scheduled(request, obj):
            return self._scheduled_response(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def _scheduled_response(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Show the publish time in a message, and redirect as Django does for each button."""
        moment = timezone.localtime(article.publish_time)
        text = gettext("Scheduled for %(moment)s (%(zone)s)") % {
            "moment": formats.date_format(moment, "DATETIME_FORMAT"),
            "zone": time_zone_name(),
        }
        self.message_user(request, text, messages.SUCCESS)
        if "_continue" not in request.POST:
            return self.response_post_save_change(request, article)
        url = reverse("admin:news_article_change", args=[article.pk])
        filters = self.get_preserved_filters(request)
        return redirect(
            add_preserved_filters({"preserved_filters": filters, "opts": self.opts}, url)
        )

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        stop_editing(obj, logged_in_user(request))
        if not get_pending_changes(obj):
            if _was_scheduled(request, obj):
                return self._scheduled_response(request, obj)
            return super().response_change(request, obj)
        if can_publish(request.user):
            text = gettext(
                "Your changes are saved as a draft. The published article has not changed."
            )
        else:
            text = gettext(
                "Your changes were submitted for approval. The published article has not changed."
            )
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:news_article_change", obj.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article, form = kwargs.get("obj"), context["adminform"].form
        context["may_publish"] = can_publish(request.user)
        context["preview_languages"] = settings.LANGUAGES
        if isinstance(form, ArticleForm):
            context["content_checks"] = form_check_context(form, article)
            if article:
                context |= self._editing_context(request, article, form)
        if article and not (article.is_published and not article.pending):
            context["preview_url"] = preview_url(article)
            context["preview_url_expires_at"] = preview_link_expiry()
            context["preview_link_days"] = PREVIEW_LINK_LIFETIME.days
        return super().render_change_form(request, context, *args, **kwargs)

    def _editing_context(
        self, request: HttpRequest, article: Article, form: ArticleForm
    ) -> dict[str, Any]:
        return {
            "conflict": form.conflict,
            "pending": article.pending,
            "is_online": form.is_online,
            "newest_version": article.versions.values_list("pk", flat=True).first(),
            "other_editors": start_editing(article, logged_in_user(request)),
        }

    @admin.display(description=_("status"), ordering="status")
    def state(self, article: Article) -> str:
        return render_to_string("admin/news/article/_state.html", {"article": article})

    @admin.display(description=with_time_zone(_("publish time")), ordering="publish_time")
    def publish_time_in_zone(self, article: Article) -> str:
        return render_to_string("admin/news/article/_times.html", {"article": article})

    @admin.display(description=_("views"), ordering="aggregated_views")
    def view_count(self, article: Article) -> int:
        """Sorted without the last minute, so that an index need not follow each view."""
        return article.views

    @admin.display(description=_("daily views"))
    def views_by_day(self, article: Article) -> str:
        return render_to_string("admin/_bar_chart.html", article_views_chart(article))
