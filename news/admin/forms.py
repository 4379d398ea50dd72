"""The form an article is written in: who may choose what, and whether another one saved first."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.accounts import name_of
from core.richtext.cleaning import clean
from core.richtext.fields import RichTextFormField
from news.comparison import same_markup
from news.models import Article
from news.publishing import Status, may_publish

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TIMES = ("publish_time", "expire_time", "source_time")
OF_THE_FORM = {"edition", "save_anyway"}


def zone() -> str:
    """The site's time zone, in which every time of the admin is read and written."""
    return str(timezone.get_current_timezone_name())


class TimeField(forms.SplitDateTimeField):
    """A time in the site's zone. Of the hour that comes twice in autumn, the first is meant.

    Django refuses that hour, and with it every later change to what was published in it.
    """

    def compress(self, data_list: Any) -> datetime | None:
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            moment = timezone.make_aware(datetime.combine(*data_list))
            if timezone.make_naive(moment.astimezone(UTC)) != timezone.make_naive(moment):
                raise  # the hour that is left out in spring
            return moment


@dataclass
class Conflict:
    """Another one saved the article while this form was open."""

    edition: str
    saved_by: str
    saved_at: datetime | None
    opened: str
    newest: str

    @classmethod
    def of(cls, article: Article, opened: str) -> "Conflict":
        waiting, newest = article.waiting, article.versions.first()
        number = opened.partition("-")[0]
        if waiting and opened != article.edition and newest and number == str(newest.pk):
            user, saved_at, last = waiting.saved_by, waiting.saved_at, "waiting"
        else:
            user = newest.history_user if newest else None
            saved_at = newest.history_date if newest else None
            last = str(newest.pk) if newest else ""
        return cls(article.edition, name_of(user), saved_at, number, last)


class ArticleForm(forms.ModelForm):
    """`user`, who fills it in, is set by the admin on the class that it makes of this one."""

    user: "User"
    checks_edition = True

    edition = forms.CharField(required=False, widget=forms.HiddenInput)
    save_anyway = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        self.conflict: Conflict | None = None
        self.stored_status = article.status if article.pk else ""
        for name in TIMES:
            if name in self.fields:
                label = self.fields[name].label or ""
                # What is compared with is what is stored, not what a form says that was.
                self.fields[name].show_hidden_initial = False
                self.fields[name].label = format_lazy("{} ({})", label, lazystr(zone()))
        if "status" in self.fields and not may_publish(self.user):
            self._leave_publishing_to_others()
        if article.pk:
            self.initial["edition"] = article.edition
            if article.waiting:
                self.initial["tags"] = article.waiting.content["tags"]

    def _leave_publishing_to_others(self) -> None:
        field = cast(forms.ChoiceField, self.fields["status"])
        online = self.stored_status == Status.PUBLISHED
        open_to_all = [Status.PUBLISHED] if online else [Status.DRAFT, Status.SUBMITTED]
        field.choices = [(status.value, status.label) for status in open_to_all]
        field.disabled = online
        self.fields["related_articles"].disabled = online

    @property
    def changes_the_article(self) -> bool:
        """Whether anything was typed; that the editor folds white space anew does not count."""
        return any(
            not isinstance(self.fields[name], RichTextFormField)
            or not same_markup(self.initial.get(name) or "", clean(self.cleaned_data[name] or ""))
            for name in set(self.changed_data) - OF_THE_FORM
        )

    def clean_publish_time(self) -> datetime:
        return self._exact("publish_time")

    def clean_expire_time(self) -> datetime | None:
        return self._exact("expire_time")

    def clean_source_time(self) -> datetime | None:
        return self._exact("source_time")

    def _exact(self, name: str) -> Any:
        """The time as it is stored where nobody changed it: the form drops parts of a second."""
        typed, stored = self.cleaned_data[name], self.initial.get(name)
        if typed and stored:
            # On the clock: an hour that comes twice in autumn stays the one that it was.
            shown = timezone.make_naive(stored).replace(microsecond=0)
            return stored if timezone.make_naive(typed) == shown else typed
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opened = data.get("edition")
        if not (self.checks_edition and self.instance.pk and opened):
            return data
        edition = self.instance.edition
        if edition not in (opened, data.get("save_anyway")):
            self.conflict = Conflict.of(self.instance, opened)
            raise ValidationError(
                _("This article was saved by somebody else while you were writing."),
                code="conflict",
            )
        return data
