"""From draft to published and back: the states of an article, and who may change them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from news.models import Article, Category

ArticleLike = TypeVar("ArticleLike", bound=models.Model)


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    PUBLISHED = "published", _("Published")


def this_second() -> datetime:
    """Now, to the second: the admin's form knows no smaller part of a time."""
    return timezone.now().replace(microsecond=0)


def may_publish(user: "User | AnonymousUser") -> bool:
    """Whether `user` decides what visitors read: publishes, withdraws, changes what is online."""
    return user.has_perm("news.publish_article")


class PublishingQuerySet(models.QuerySet[ArticleLike]):
    def published(self) -> Self:
        """What visitors may read now: published, its time has come and is not over."""
        return self._begun().filter(~_OVER())

    def scheduled(self) -> Self:
        return self.filter(status=Status.PUBLISHED, publish_time__gt=timezone.now())

    def expired(self) -> Self:
        return self._begun().filter(_OVER())

    def withdrawn(self) -> Self:
        return self.filter(withdrawn_at__isnull=False).exclude(status=Status.PUBLISHED)

    def gone(self) -> Self:
        """What visitors could read once and cannot any more."""
        return self.withdrawn() | self.expired()

    def with_waiting_changes(self) -> Self:
        return self.filter(revision__isnull=False)

    def _begun(self) -> Self:
        return self.filter(status=Status.PUBLISHED, publish_time__lte=timezone.now())


def _OVER() -> models.Q:  # noqa: N802, it reads as a condition
    return models.Q(expire_time__isnull=False, expire_time__lte=timezone.now())


class Publishing(models.Model):
    """What an article knows of being published. `publish`, `withdraw` and `submit` change it."""

    Status = Status

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    publish_time = models.DateTimeField(
        _("publish time"),
        default=this_second,
        help_text=_("A published article appears at this time; one that lies ahead waits for it."),
    )
    expire_time = models.DateTimeField(
        _("expire time"),
        null=True,
        blank=True,
        help_text=_("From this time on a published article is no longer shown. Empty: never."),
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"),
        null=True,
        editable=False,
        help_text=_("When it was taken offline after visitors could read it."),
    )
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and know whether visitors could read before what they cannot read any more."""
        if self.status == Status.PUBLISHED:
            self.withdrawn_at = None
        elif self.pk and self.withdrawn_at is None and self._was_public():
            self.withdrawn_at = timezone.now()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "withdrawn_at", "updated_at"}
        super().save(*args, **kwargs)

    def _was_public(self) -> bool:
        saved: PublishingQuerySet[Any] = type(self)._default_manager.filter(pk=self.pk)  # type: ignore[assignment]
        return saved._begun().exists()

    def validate_constraints(self, exclude: Any = None) -> None:
        """Show what a constraint says beside the field that its code names."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            beside: dict[str, list[ValidationError]] = {}
            for field, found in error.error_dict.items():
                for each in found:
                    named = field == NON_FIELD_ERRORS and hasattr(self, each.code or "")
                    beside.setdefault(str(each.code) if named else field, []).append(each)
            raise ValidationError(beside) from error

    @property
    def is_published(self) -> bool:
        """Whether visitors may read it now."""
        return self.state_key == "published"

    @property
    def state_key(self) -> str:
        """`draft`, `submitted`, `withdrawn`, `scheduled`, `published` or `expired`."""
        now = timezone.now()
        if self.status != Status.PUBLISHED:
            return "withdrawn" if self.withdrawn_at else self.status
        if self.publish_time > now:
            return "scheduled"
        return "expired" if self.expire_time and self.expire_time <= now else "published"

    @property
    def state(self) -> str:
        """The state in words."""
        words = {
            "withdrawn": gettext("Withdrawn"),
            "scheduled": gettext("Scheduled"),
            "expired": gettext("Expired"),
        }
        return words.get(self.state_key) or self.get_status_display()

    def publish(self: "Article", by: "User") -> None:  # type: ignore[misc]
        """Let visitors read it from its publish time on; one that had expired, without an end."""
        if not may_publish(by):
            raise PermissionDenied
        if self.expire_time and self.expire_time <= timezone.now():
            self.expire_time = None
        self._move(Status.PUBLISHED, by, "published")

    def withdraw(self: "Article", by: "User") -> None:  # type: ignore[misc]
        """Take it offline: a draft again, and what waited to be published becomes its text."""
        if not may_publish(by):
            raise PermissionDenied
        self.take_waiting_changes()
        self._move(Status.DRAFT, by, "withdrawn")

    def submit(self: "Article", by: "User") -> None:  # type: ignore[misc]
        """Ask those who publish to look at a draft."""
        if self.status == Status.PUBLISHED:
            raise PermissionDenied
        self._move(Status.SUBMITTED, by, "submitted")

    def feature(self: "Article", by: "User", on: bool = True) -> bool:  # type: ignore[misc]
        """Show it first on the home page, or no longer; returns whether that changes anything."""
        return self._change(by, "featured" if on else "unfeatured", featured=on)

    def file_under(self: "Article", category: "Category", by: "User") -> bool:  # type: ignore[misc]
        """Move it to `category`; returns whether that changes anything."""
        return self._change(by, "moved", category=category)

    def _change(self: "Article", by: "User", reason: str, **values: Any) -> bool:  # type: ignore[misc]
        if self.status == Status.PUBLISHED and not may_publish(by):
            raise PermissionDenied
        if all(getattr(self, name) == value for name, value in values.items()):
            return False
        with self.recorded(by, reason):
            for name, value in values.items():
                setattr(self, name, value)
            self.save()
        return True

    def _move(self: "Article", status: "models.TextChoices", by: "User", reason: str) -> None:  # type: ignore[misc]
        with self.recorded(by, reason):
            self.status = status
            self.save()
