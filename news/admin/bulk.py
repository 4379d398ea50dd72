"""Many articles at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.http import account
from news.models import Article, Category

MOST_AT_ONCE = 200


class LenientCategoryField(forms.ModelChoiceField):
    """A category, or None for whatever else is sent; the action says what is missing."""

    def clean(self, value: Any) -> Category | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class ArticleActionForm(ActionForm):
    """The list's actions, with the category to move to beside them."""

    category = LenientCategoryField(
        Category.objects.all(), label=_("Category"), required=False, empty_label=_("to which?")
    )


class BulkMixin(admin.ModelAdmin):
    """For the ModelAdmin of articles: every action is for those who publish."""

    action_form = ArticleActionForm
    actions = ["publish", "withdraw", "feature", "unfeature", "move_to_category"]

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        def publish(article: Article, by: User) -> bool:
            if article.state_key in ("published", "scheduled"):
                return False
            article.publish(by)
            return True

        if (count := self._each(request, queryset, publish)) is not None:
            sentence = ngettext(
                "%(count)d article is published.", "%(count)d articles are published.", count
            )
            self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        def withdraw(article: Article, by: User) -> bool:
            if article.status != Article.Status.PUBLISHED:
                return False
            article.withdraw(by)
            return True

        if (count := self._each(request, queryset, withdraw)) is not None:
            sentence = ngettext(
                "%(count)d article is withdrawn.", "%(count)d articles are withdrawn.", count
            )
            self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("Feature"), permissions=["publish"])
    def feature(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        count = self._each(request, queryset, lambda article, by: article.feature(by))
        if count is not None:
            sentence = ngettext(
                "%(count)d article is featured.", "%(count)d articles are featured.", count
            )
            self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("No longer feature"), permissions=["publish"])
    def unfeature(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        count = self._each(request, queryset, lambda article, by: article.feature(by, on=False))
        if count is not None:
            sentence = ngettext(
                "%(count)d article is no longer featured.",
                "%(count)d articles are no longer featured.",
                count,
            )
            self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("Move to the category"), permissions=["publish"])
    def move_to_category(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        field = ArticleActionForm.base_fields["category"]
        category = field.clean(request.POST.get("category"))
        if category is None:
            self.message_user(request, gettext("Choose the category to move to."), messages.ERROR)
            return
        count = self._each(request, queryset, lambda article, by: article.file_under(category, by))
        if count is not None:
            sentence = ngettext(
                "%(count)d article is moved to %(category)s.",
                "%(count)d articles are moved to %(category)s.",
                count,
            )
            self.message_user(request, sentence % {"count": count, "category": category})

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Article],
        change: Callable[[Article, User], bool],
    ) -> int | None:
        """Let `change` work on every chosen article, on all or none; returns how many it changed.

        None where they are too many, which the list then says. Those that were so already are
        counted in a message of their own.
        """
        chosen = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            sentence = gettext("Choose at most %(most)d articles at once.")
            self.message_user(request, sentence % {"most": MOST_AT_ONCE}, messages.ERROR)
            return None
        by = account(request)
        with transaction.atomic():
            articles = Article.objects.select_related("revision").filter(pk__in=chosen)
            done = sum(change(article, by) for article in articles)
        if same := len(chosen) - done:
            sentence = ngettext(
                "%(count)d article was left as it is.",
                "%(count)d articles were left as they are.",
                same,
            )
            self.message_user(request, sentence % {"count": same}, messages.WARNING)
        return done
