"""Actions on the selected articles, for users who may publish."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.http import logged_in_user
from news.models import Article, Category
from news.services.organizing import change_articles, change_category, feature_article
from news.services.publishing import publish_article, withdraw_article

MAX_ARTICLES = 200


class LenientCategoryField(forms.ModelChoiceField):
    """A category, or None for invalid input, which the action reports."""

    def clean(self, value: Any) -> Category | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class ArticleActionForm(ActionForm):
    """The form to choose an action, with the category for “Move to category”."""

    category = LenientCategoryField(
        Category.objects.all(),
        label=_("Category"),
        required=False,
        empty_label=_("Select a category"),
    )


@admin.action(description=_("Publish"), permissions=["publish"])
def publish(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> None:
    by = logged_in_user(request)

    def change(article: Article) -> bool:
        if article.state in (Article.State.PUBLISHED, Article.State.SCHEDULED):
            return False
        publish_article(article, by=by)
        return True

    if (count := _change_each(request, queryset, change)) is not None:
        sentence = ngettext("%(count)d article published.", "%(count)d articles published.", count)
        messages.info(request, sentence % {"count": count})


@admin.action(description=_("Unpublish"), permissions=["publish"])
def withdraw(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> None:
    by = logged_in_user(request)

    def change(article: Article) -> bool:
        if article.status != Article.Status.PUBLISHED:
            return False
        withdraw_article(article, by=by)
        return True

    if (count := _change_each(request, queryset, change)) is not None:
        sentence = ngettext(
            "%(count)d article unpublished.", "%(count)d articles unpublished.", count
        )
        messages.info(request, sentence % {"count": count})


@admin.action(description=_("Mark as featured"), permissions=["publish"])
def feature(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> None:
    by = logged_in_user(request)
    count = _change_each(request, queryset, lambda article: feature_article(article, by=by))
    if count is not None:
        sentence = ngettext(
            "%(count)d article marked as featured.", "%(count)d articles marked as featured.", count
        )
        messages.info(request, sentence % {"count": count})


@admin.action(description=_("Remove from featured"), permissions=["publish"])
def unfeature(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> None:
    by = logged_in_user(request)
    count = _change_each(
        request, queryset, lambda article: feature_article(article, by=by, featured=False)
    )
    if count is not None:
        sentence = ngettext(
            "%(count)d article removed from featured.",
            "%(count)d articles removed from featured.",
            count,
        )
        messages.info(request, sentence % {"count": count})


@admin.action(description=_("Move to category"), permissions=["publish"])
def move_to_category(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> None:
    field = ArticleActionForm.base_fields["category"]
    category = field.clean(request.POST.get("category"))
    if category is None:
        messages.error(request, gettext("Select the category to move the articles to."))
        return
    by = logged_in_user(request)
    count = _change_each(
        request, queryset, lambda article: change_category(article, category, by=by)
    )
    if count is not None:
        sentence = ngettext(
            "%(count)d article moved to %(category)s.",
            "%(count)d articles moved to %(category)s.",
            count,
        )
        messages.info(request, sentence % {"count": count, "category": category})


def _change_each(
    request: HttpRequest, queryset: QuerySet[Article], change: Callable[[Article], bool]
) -> int | None:
    """Apply `change` to every selected article, or to none; returns how many it changed.

    None if too many are selected, with a message to the user. Unchanged articles are counted in a
    message of their own.
    """
    selected = list(queryset.values_list("pk", flat=True)[: MAX_ARTICLES + 1])
    if len(selected) > MAX_ARTICLES:
        sentence = gettext("Select at most %(most)d articles at a time.")
        messages.error(request, sentence % {"most": MAX_ARTICLES})
        return None
    changed = change_articles(selected, change)
    if unchanged := len(selected) - changed:
        sentence = ngettext(
            "%(count)d article was not changed.",
            "%(count)d articles were not changed.",
            unchanged,
        )
        messages.warning(request, sentence % {"count": unchanged})
    return changed
