"""Versions of an article: one for each save, with who saved it and when.

What an article says is its *content*: a dict of plain values, the same whether it comes from the
article, from one of its versions, or from changes that wait to be published.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.translation import gettext
from modeltranslation.utils import build_localized_fieldname
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from core.slugs import unique_slug
from news.publishing import Status, may_publish

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from news.models import Article

Content = dict[str, Any]

NOT_CONTENT = {"id", "status", "views", "withdrawn_at"}
# What decides when and where an article is read is not turned back with its text.
KEPT_ON_RESTORE = {"slug", "publish_time", "expire_time", "featured"}


class Version(models.Model):
    """What django-simple-history's rows have beside the article's own columns."""

    history_type: str
    history_change_reason: str | None
    tag_ids = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    @property
    def content(self) -> Content:
        return _content(self, self.tag_ids)

    @property
    def title(self) -> str:
        """In the reader's language, else in the first that has one."""
        codes = [translation.get_language() or "", *settings.LANGUAGES_WITH_CONTENT]
        names = [build_localized_fieldname("title", code) for code in codes if code]
        return next((text for name in names if (text := getattr(self, name, None))), "")

    @property
    def what_happened(self) -> str:
        """In words."""
        kind, reason = self.history_type, self.history_change_reason
        reasons = {
            "published": gettext("Published"),
            "withdrawn": gettext("Withdrawn"),
            "submitted": gettext("Submitted for approval"),
            "approved": gettext("Changes that waited were published"),
            "featured": gettext("Featured"),
            "unfeatured": gettext("No longer featured"),
            "moved": gettext("Moved to another category"),
            "restored": gettext("An earlier version was restored"),
            "recovered": gettext("Recovered after it was deleted"),
            "outside": gettext("Changed on another way"),
        }
        kinds = {"+": gettext("Written"), "~": gettext("Changed"), "-": gettext("Deleted")}
        return reasons.get(reason or "") or kinds[kind]


class Records(HistoricalRecords):
    """Puts itself on the model, so that a version can be written when it is asked for."""

    def finalize(self, sender: Any, **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        sender._records = self


@receiver(pre_create_historical_record)
def _with_tags(instance: Any, history_instance: Any, **kwargs: Any) -> None:
    if isinstance(history_instance, Version) and history_instance.history_type != "-":
        history_instance.tag_ids = _tag_ids(instance)


def _tag_ids(article: "Article") -> list[int]:
    return sorted(article.tags.order_by().values_list("pk", flat=True))


def content_fields() -> list[Any]:
    """The article's fields that are compared and restored: each language's, none twice."""
    from news.models import Article

    return [
        field for field in Article.history.model.tracked_fields if field.name not in NOT_CONTENT
    ]


def _content(source: Any, tag_ids: list[int]) -> Content:
    plain = {field.name: _plain(getattr(source, field.attname)) for field in content_fields()}
    return {**plain, "tags": sorted(tag_ids)}


def _plain(value: Any) -> Any:
    if isinstance(value, FieldFile):
        return value.name or ""
    return value.isoformat() if isinstance(value, datetime) else value


class Versioned(models.Model):
    """What an article knows of its versions, and of changes that wait to be published."""

    history: ClassVar[Any]
    _records: ClassVar[Records]
    # What the records read of an instance.
    _history_user: "User | None"
    _history_date: datetime
    _change_reason: str

    class Meta:
        abstract = True

    @property
    def content(self: "Article") -> Content:  # type: ignore[misc]
        return _content(self, _tag_ids(self))

    @property
    def waiting(self) -> Any:
        """The changes that wait to be published, or None."""
        return getattr(self, "revision", None) if self.pk else None

    @property
    def versions(self) -> models.QuerySet[Any]:
        """All versions, the newest first."""
        return self.history.select_related("history_user").order_by("-history_id")

    @property
    def edition(self) -> str:
        """Another one after each save, of the article or of what waits.

        It starts with the number of the newest version.
        """
        newest = self.versions.values_list("history_id", flat=True).first() or 0
        waiting = self.waiting
        return f"{newest}-{waiting.saved_at.isoformat()}" if waiting else str(newest)

    def put(self, content: Content, without: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """Take over `content`, its tags aside; nothing is saved.

        A category that was deleted since leaves the present one in its place.
        """
        from news.models import Category

        for field in content_fields():
            if field.name in without or field.name not in content:
                continue
            value = field.to_python(content[field.name])
            if field.name == "category":
                if value is not None and not Category.objects.filter(pk=value).exists():
                    continue
                self.category_id = value
            elif isinstance(field, models.FileField):
                # Past the descriptor, which would open the file to measure it; it may be lost.
                self.__dict__[field.attname] = value or ""
            else:
                setattr(self, field.attname, value)

    @contextmanager
    def recorded(self: "Article", by: "User | None", reason: str = "") -> Iterator[None]:  # type: ignore[misc]
        """What is saved within becomes one version in the name of `by`, tags and all."""
        with transaction.atomic():
            if self.pk:
                self._record_what_was_not()
            is_new = not self.pk
            self.skip_history_when_saving = True
            try:
                yield
            finally:
                del self.skip_history_when_saving
            self._record("+" if is_new else "~", by, reason)

    def _record_what_was_not(self: "Article") -> None:  # type: ignore[misc]
        """A version of what is stored, where it came without one: an import, a bulk update."""
        stored = type(self)._base_manager.filter(pk=self.pk).first()
        if stored is None:
            return
        newest = self.versions.first()
        if newest is None or newest.content != stored.content or newest.status != stored.status:
            kind = "+" if newest is None else "~"
            stored._record(kind, None, "outside", at=stored.updated_at)

    def _record(  # type: ignore[misc]
        self: "Article", kind: str, by: "User | None", reason: str, at: datetime | None = None
    ) -> None:
        self._history_user, self._change_reason = by, reason
        self._history_date = at or timezone.now()
        self._records.create_historical_record(self, kind)
        # Another save of this instance may be somebody else's, at another time.
        del self._history_user, self._history_date, self._change_reason

    def restore(self: "Article", version: Version, by: "User") -> bool:  # type: ignore[misc]
        """Bring back what `version` says; address, times and status stay as they are.

        On a published article this waits for approval where `by` may not publish. Returns whether
        visitors can read the restored text at once, as far as they can read the article.
        """
        content = version.content
        self.put(content, without=KEPT_ON_RESTORE)
        tags = _existing_tags(content)
        if self.status == Status.PUBLISHED and not may_publish(by):
            self.hold(by, tags)
            return False
        with self.recorded(by, "restored"):
            self.save()
            self.tags.set(tags)
            self.discard_waiting_changes()
        return True

    def hold(self: "Article", by: "User", tags: list[int]) -> None:  # type: ignore[misc]
        """Keep this instance's content as changes that wait; the stored article stays as it is."""
        from news.models import Revision

        for field in content_fields():
            if isinstance(field, models.FileField):
                field.pre_save(self, add=False)  # puts a new file into the storage
        content = _content(self, tags)
        values = {"content": content, "saved_by": by, "saved_at": timezone.now()}
        Revision._default_manager.update_or_create(article_id=self.pk, defaults=values)

    def show_waiting_changes(self: "Article") -> None:  # type: ignore[misc]
        """Take over what waits, on this instance alone; nothing is saved."""
        if self.waiting:
            self.put(self.waiting.content)

    def take_waiting_changes(self: "Article") -> None:  # type: ignore[misc]
        """Make what waits the article's own; the caller saves it."""
        if waiting := self.waiting:
            self.put(waiting.content)
            self.tags.set(_existing_tags(waiting.content))
            self.discard_waiting_changes()

    def discard_waiting_changes(self: "Article") -> None:  # type: ignore[misc]
        if self.waiting:
            self.revision.delete()
            self._state.fields_cache.pop("revision", None)


def _existing_tags(content: Content) -> list[int]:
    from news.models import Tag

    return list(Tag.objects.filter(pk__in=content.get("tags", [])).values_list("pk", flat=True))


def deleted_versions() -> Any:
    """The last version of each deleted article, the newest deletion first."""
    from news.models import Article

    versions = Article.history.model.objects
    later = versions.filter(id=models.OuterRef("id"), history_id__gt=models.OuterRef("history_id"))
    return versions.filter(~models.Exists(later), history_type="-").order_by("-history_id")


def recover(version: Any, by: "User") -> "Article":
    """Bring back a deleted article as a draft, under its old number, address and counter."""
    from news.models import Article

    versions = Article.history.filter(id=version.id).order_by("-history_id")
    before = versions.exclude(history_type="-").first() or version
    article = Article(pk=version.id, views=version.views, withdrawn_at=version.withdrawn_at)
    article.put(version.content)
    if Article.objects.filter(slug=article.slug).exists():
        article.slug = unique_slug(article, article.slug)
    if version.status == Status.PUBLISHED and version.publish_time <= version.history_date:
        article.withdrawn_at = version.history_date
    with transaction.atomic():
        article.skip_history_when_saving = True
        article.save(force_insert=True)
        article.tags.set(_existing_tags(before.content))
        del article.skip_history_when_saving
        article._record("+", by, "recovered")
    return article
