"""Publishing in the admin: who may, what waits, and what becomes of a form that is saved."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.http import account
from news.admin import presence
from news.admin.forms import ArticleForm, zone
from news.models import Article, Revision
from news.models.querysets import ArticleQuerySet
from news.publishing import Status, may_publish

zoned = lazy(lambda words: f"{words} ({zone()})", str)


class StateFilter(admin.SimpleListFilter):
    """The states of the list's column, and what waits for somebody."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("draft", gettext("Draft")),
            ("submitted", gettext("Waiting for approval")),
            ("scheduled", gettext("Scheduled")),
            ("published", gettext("Published")),
            ("expired", gettext("Expired")),
            ("withdrawn", gettext("Withdrawn")),
            ("waiting", gettext("Changes wait")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        articles = cast(ArticleQuerySet, queryset)
        match self.value():
            case "draft":
                return articles.filter(status=Status.DRAFT, withdrawn_at__isnull=True)
            case "submitted":
                return articles.filter(status=Status.SUBMITTED)
            case "scheduled" | "published" | "expired" | "withdrawn" as state:
                return getattr(articles, state)()
            case "waiting":
                return articles.with_waiting_changes()
        return articles


class PublishingMixin(admin.ModelAdmin):
    """For the ModelAdmin of articles: saving, holding back, and who may do what."""

    form = ArticleForm

    def get_urls(self) -> list[URLPattern]:
        discard = self.admin_site.admin_view(require_POST(self.discard_view))
        address = path("<path:object_id>/discard/", discard, name="news_article_discard")
        return [address, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        queryset = super().get_queryset(request)
        if request.path == reverse("admin:news_article_changelist"):
            waiting = Revision.objects.filter(article=OuterRef("pk"))
            queryset = queryset.select_related("category").defer("body")
            return queryset.annotate(is_waiting=Exists(waiting))
        if request.method == "POST" and request.path.endswith("/change/"):
            # Two who save at once are answered one after the other, so that the second is warned.
            return queryset.select_for_update(of=("self",))
        return queryset

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        article = super().get_object(request, object_id, from_field)
        if article and request.path.endswith(("/change/", "/preview/")):
            article.show_waiting_changes()
        return article

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        may_write = self.has_change_permission(request, obj) if obj else True
        # A field that a form declares takes part in it, even for one who may only look.
        kwargs.setdefault("form", ArticleForm if may_write else forms.ModelForm)
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may_delete = super().has_delete_permission(request, obj)
        if obj is not None and obj.status == Status.PUBLISHED:
            return may_delete and may_publish(request.user)
        return may_delete

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save, or keep as changes that wait; each save is one version, tags and all."""
        by = account(request)
        was_online = form.stored_status == Status.PUBLISHED
        form.is_held = change and was_online and ("_hold" in request.POST or not may_publish(by))
        if form.is_held:
            obj.hold(by, [tag.pk for tag in form.cleaned_data["tags"]])
            obj.is_held = True  # type: ignore[attr-defined]
            return
        if obj.status == Status.PUBLISHED and not may_publish(by):
            raise PermissionDenied
        if change and not form.changes_the_article and not obj.waiting:
            return
        with obj.recorded(by, self._reason(form.stored_status, obj)):
            super().save_model(request, obj, form, change)
            form.save_m2m()
            obj.discard_waiting_changes()

    @staticmethod
    def _reason(stored_status: str, article: Article) -> str:
        """What the version is called for: what a form did beside changing words."""
        if article.status == stored_status:
            return "approved" if article.waiting else ""
        if article.status == Status.DRAFT:
            return "withdrawn" if stored_status == Status.PUBLISHED else ""
        return str(article.status)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if not form.is_held:
            super().save_related(request, form, formsets, change)
        elif may_publish(request.user):  # what stands below the text is no part of the text
            form.instance.related_articles.set(form.cleaned_data["related_articles"])

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        presence.leave(obj, account(request))
        if not getattr(obj, "is_held", False):
            return super().response_change(request, obj)
        if may_publish(request.user):
            text = gettext(
                "Your changes wait as a draft. The article that is online stays as it is."
            )
        else:
            text = gettext(
                "Your changes wait for somebody who publishes. "
                "The article that is online stays as it is."
            )
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:news_article_change", obj.pk)

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Throw away the changes that wait."""
        article = self.get_object(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        article.discard_waiting_changes()
        self.message_user(request, gettext("The changes that waited are discarded."))
        return redirect("admin:news_article_change", article.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article, form = kwargs.get("obj"), context["adminform"].form
        context["may_publish"] = may_publish(request.user)
        if article and isinstance(form, ArticleForm):
            context["conflict"] = form.conflict
            context["waiting"] = article.waiting
            context["is_online"] = form.stored_status == Status.PUBLISHED
            context["newest_version"] = article.versions.values_list("pk", flat=True).first()
            context["others"] = presence.come(article, account(request))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("status"), ordering="status")
    def state(self, article: Article) -> str:
        """In words, with a note where changes wait."""
        return render_to_string("admin/news/article/_state.html", {"article": article})

    @admin.display(description=zoned(_("publish time")), ordering="publish_time")
    def publish_time_in_zone(self, article: Article) -> str:
        return render_to_string("admin/news/article/_times.html", {"article": article})
