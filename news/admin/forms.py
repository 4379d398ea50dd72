"""The form of an article: what each role may choose, and conflicts with other users' changes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts import display_name
from core.richtext.cleaning import clean_html
from core.richtext.comparison import is_same_markup
from core.richtext.fields import RichTextFormField
from news.models import Article
from news.models.version import Content
from news.permissions import can_publish
from news.services.publishing import lock_article

DRAFT, SUBMITTED, PUBLISHED = Article.Status

TIME_FIELDS = ("publish_time", "expire_time", "source_time")
NON_ARTICLE_FIELDS = {"save_id", "save_anyway"}


class TimeField(forms.SplitDateTimeField):
    """A time in the active time zone; of an hour that occurs twice in autumn, the first one.

    Django refuses times in that hour, so that an article published in it could not be changed.
    """

    def compress(self, data_list: Any) -> datetime | None:
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            moment = timezone.make_aware(datetime.combine(*data_list))
            if timezone.make_naive(moment.astimezone(UTC)) != timezone.make_naive(moment):
                raise  # the hour that is skipped in spring
            return moment


@dataclass
class SaveConflict:
    """Someone else saved the article while this form was open."""

    save_id: str
    saved_by: str
    saved_at: datetime | None
    opened_version: str
    newest_version: str  # a number, or `waiting` for the pending changes

    @classmethod
    def find(cls, stored: Article, opened_save_id: str) -> "SaveConflict":
        pending, newest = stored.pending, stored.versions.first()
        opened = opened_save_id.partition("-")[0]
        if not newest:
            return cls(stored.save_id, "", None, opened, "")
        if pending and opened == str(newest.pk):
            saved_by = display_name(pending.saved_by)
            return cls(stored.save_id, saved_by, pending.saved_at, opened, "waiting")
        saved_by = display_name(newest.history_user)
        return cls(stored.save_id, saved_by, newest.history_date, opened, str(newest.pk))


class ReadOnlyArticleForm(forms.ModelForm):
    """An article with its pending changes, for users who may not change it."""

    class Meta:
        model = Article
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if article := kwargs.get("instance"):
            article.apply_pending_changes()
        super().__init__(*args, **kwargs)


class ArticleForm(ReadOnlyArticleForm):
    """The form for users who may change the article.

    The admin sets `user` on the subclass that it makes for each request.
    """

    user: User

    save_id = forms.CharField(
        required=False, widget=forms.HiddenInput({"data-restored": "version"})
    )
    save_anyway = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, detects_conflicts: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        self.detects_conflicts = detects_conflicts
        self.conflict: SaveConflict | None = None
        self.is_online = bool(article.pk) and article.status == PUBLISHED
        for name in TIME_FIELDS:
            if name in self.fields:
                # Compare with the stored time, not with one that the browser sends.
                self.fields[name].show_hidden_initial = False
        if "status" in self.fields and not can_publish(self.user):
            self._restrict_to_writing()
        if article.pk:
            self.initial["save_id"] = article.save_id
            if article.pending:
                self.initial["tags"] = article.pending.content["tags"]

    def _restrict_to_writing(self) -> None:
        field = cast(forms.ChoiceField, self.fields["status"])
        allowed = [PUBLISHED] if self.is_online else [DRAFT, SUBMITTED]
        field.choices = [(status.value, status.label) for status in allowed]
        field.disabled = self.is_online
        self.fields["related_articles"].disabled = self.is_online

    @property
    def becomes_pending(self) -> bool:
        """Whether saving makes pending changes and leaves the published article as it is."""
        return self.is_online and ("_save_draft" in self.data or not can_publish(self.user))

    @property
    def changes_the_article(self) -> bool:
        """Whether anything was changed, apart from white space that the editor normalizes."""
        return any(
            not isinstance(self.fields[name], RichTextFormField)
            or not is_same_markup(
                self.initial.get(name) or "", clean_html(self.cleaned_data[name] or "")
            )
            for name in set(self.changed_data) - NON_ARTICLE_FIELDS
        )

    def get_content(self) -> Content:
        """The content of the valid form; a new cover is written to the storage."""
        Article._meta.get_field("cover").pre_save(self.instance, add=False)
        return self.instance.content_with_tags(tag.pk for tag in self.cleaned_data["tags"])

    def clean_publish_time(self) -> datetime:
        return self._with_stored_precision("publish_time")

    def clean_expire_time(self) -> datetime | None:
        return self._with_stored_precision("expire_time")

    def clean_source_time(self) -> datetime | None:
        return self._with_stored_precision("source_time")

    def _with_stored_precision(self, name: str) -> Any:
        """The stored time if the form shows the same one: it has no fractions of a second."""
        entered, stored = self.cleaned_data[name], self.initial.get(name)
        if entered and stored:
            # Naive times, since an hour that occurs twice in autumn is shown as the same.
            shown = timezone.make_naive(stored).replace(microsecond=0)
            return stored if timezone.make_naive(entered) == shown else entered
        return entered

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opened = data.get("save_id")
        if self.detects_conflicts and self.instance.pk and opened:
            self._raise_on_conflict(opened, data.get("save_anyway") or "")
        return data

    def _raise_on_conflict(self, opened: str, accepted: str) -> None:
        # Locked, so that of two simultaneous saves the second one sees the first.
        stored = lock_article(self.instance)
        if stored and stored.save_id not in (opened, accepted):
            self.conflict = SaveConflict.find(stored, opened)
            raise ValidationError(
                _("This article was saved by someone else while you were editing."),
                code="conflict",
            )
