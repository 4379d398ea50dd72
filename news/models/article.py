"""An article: its text, its origin, and when visitors can read it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.images import PictureField
from core.languages import languages_with_indexes
from core.loading import QuicklyLoadedModel
from core.page_cache.models import CountedModel
from core.richtext.cleaning import clean_html
from core.richtext.fields import RichTextField
from core.richtext.outline import OutlinedText, outline
from core.search.index import update_index
from core.slugs import SluggedModel
from core.text.html import truncate_html
from news.archive import Month
from news.models.category import Category
from news.models.pending_changes import PendingChanges
from news.models.querysets import ArticleQuerySet
from news.models.tag import Tag
from news.models.version import Content, content_fields, get_content

MAX_EXCERPT_LENGTH = 200  # characters, as much as a search result shows


def current_second() -> datetime:
    """Now, without microseconds, which the admin's form cannot show."""
    return timezone.now().replace(microsecond=0)


class Article(QuicklyLoadedModel, CountedModel, SluggedModel):
    """A piece of news. A published one whose `publish_time` lies ahead is scheduled."""

    class Status(models.TextChoices):
        """What is stored; `State` also takes the times into account."""

        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        PUBLISHED = "published", _("Published")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Unpublished")

    class CoverFocus(models.TextChoices):
        """The part of a cover that stays in view where the picture is cropped."""

        CENTER = "center", _("Centre")
        TOP = "top", _("Top")
        BOTTOM = "bottom", _("Bottom")
        LEFT = "left", _("Left")
        RIGHT = "right", _("Right")
        TOP_LEFT = "top-left", _("Top left")
        TOP_RIGHT = "top-right", _("Top right")
        BOTTOM_LEFT = "bottom-left", _("Bottom left")
        BOTTOM_RIGHT = "bottom-right", _("Bottom right")

    view_name = "news:article"
    slug_from = "title"

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=220,
        unique=True,
        blank=True,
        help_text=_("The last part of the article's URL. Generated from the title if empty."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=500,
        blank=True,
        help_text=_(
            "One or two sentences for lists and search results. Generated from the text if empty."
        ),
    )
    body = RichTextField(_("text"), blank=True)
    excerpt = models.CharField(max_length=MAX_EXCERPT_LENGTH, blank=True, editable=False)
    cover = PictureField(
        _("cover image"),
        upload_to="news/",
        blank=True,
        width_field="cover_width",
        height_field="cover_height",
        help_text=_("JPEG, PNG, GIF or WebP. Recommended size: 1600 × 900 pixels."),
    )
    cover_width = models.PositiveIntegerField(null=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, editable=False)
    cover_alt = models.CharField(
        _("cover: alternative text"),
        max_length=200,
        blank=True,
        help_text=_("Describes the image for people who cannot see it."),
    )
    cover_focus = models.CharField(
        _("focal point"),
        max_length=12,
        choices=CoverFocus,
        default=CoverFocus.CENTER,
        help_text=_("This part stays visible when the image is cropped."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    publish_time = models.DateTimeField(
        _("publish time"),
        default=current_second,
        help_text=_(
            "A published article appears at this time. A future time schedules the article."
        ),
    )
    expire_time = models.DateTimeField(
        _("expiry time"),
        null=True,
        blank=True,
        help_text=_("The article is no longer shown after this time. Leave empty for no expiry."),
    )
    withdrawn_at = models.DateTimeField(
        _("unpublished at"),
        null=True,
        editable=False,
        help_text=_("When the article was taken offline after it had been public."),
    )
    updated_at = models.DateTimeField(_("last modified"), auto_now=True)
    author = models.CharField(_("author"), max_length=100, default="Site Editor")
    origin = models.CharField(
        _("origin"),
        max_length=100,
        default="Site",
        help_text=_("Use “Site” for your own articles; otherwise enter the name of the source."),
    )
    origin_url = models.URLField(_("origin URL"), max_length=500, blank=True)
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_author = models.CharField(_("source author"), max_length=200, blank=True)
    source_time = models.DateTimeField(_("source publish time"), null=True, blank=True)
    source_url = models.URLField(_("source URL"), max_length=500, blank=True)
    source_permission = models.CharField(
        _("permission"),
        max_length=300,
        blank=True,
        help_text=_("Who granted permission, when and how. Internal only."),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="articles",
        verbose_name=_("category"),
        null=True,
        blank=True,
    )
    tags = models.ManyToManyField(Tag, related_name="articles", verbose_name=_("tags"), blank=True)
    related_articles = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="chosen_by",
        verbose_name=_("related articles"),
        help_text=_(
            "Shown below the article. If empty, the latest articles in the same category are shown."
        ),
    )
    featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown first on the home page.")
    )

    objects = ArticleQuerySet.as_manager()

    # Added by django-simple-history: see news/translation.py.
    history: ClassVar[Any]
    save_without_historical_record: Callable[..., None]

    class Meta:
        ordering = ["-publish_time", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", _("Can publish, unpublish and edit published articles"))]
        indexes = [
            models.Index(fields=["status", "-publish_time", "-id"], name="article_published"),
            models.Index(
                fields=["category", "status", "-publish_time", "-id"], name="article_by_category"
            ),
            models.Index(
                fields=["-publish_time", "-id"],
                name="article_featured",
                condition=models.Q(featured=True),
            ),
            models.Index(
                fields=["id"],
                name="article_viewed",
                condition=models.Q(viewed_at__isnull=False),
            ),
            models.Index(fields=["-publish_time", "-id"], name="article_newest"),
            models.Index(
                fields=["expire_time"],
                name="article_expiring",
                condition=models.Q(expire_time__isnull=False),
            ),
            models.Index(fields=["-updated_at"], name="article_changed"),
            models.Index(
                fields=["-publish_time", "-id"],
                name="article_newest_expiring",
                condition=models.Q(expire_time__isnull=False),
            ),
            models.Index(
                fields=["-publish_time", "-id"],
                name="article_withdrawn",
                condition=models.Q(withdrawn_at__isnull=False),
            ),
            # The orders of the admin's list
            models.Index(
                fields=["category", "-publish_time", "-id"], name="article_newest_of_category"
            ),
            models.Index(fields=["aggregated_views", "id"], name="article_by_views"),
            *(
                models.Index(
                    fields=[build_localized_fieldname("title", code), "id"],
                    name=build_localized_fieldname("article_by_title", code),
                )
                for code in languages_with_indexes()
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "submitted", "published"]),
                name="article_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(expire_time__isnull=True)
                | models.Q(expire_time__gt=models.F("publish_time")),
                name="article_expires_after_publishing",
                violation_error_code="expire_time",
                violation_error_message=_("An article cannot expire before it is published."),
            ),
            models.CheckConstraint(condition=~models.Q(slug=""), name="article_slug_filled"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.aggregated_views = self.views  # views on another site are not part of DailyViews
        self.fill_excerpts()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "updated_at"}
        with transaction.atomic():
            super().save(*args, **kwargs)
            update_index(Article, [self.pk])

    def fill_excerpts(self) -> None:
        """Set the excerpts to the beginning of the text in each language."""
        for code in settings.MODELTRANSLATION_LANGUAGES:
            excerpt, body = (build_localized_fieldname(name, code) for name in ("excerpt", "body"))
            html = clean_html(getattr(self, body) or "")
            setattr(self, excerpt, truncate_html(html, MAX_EXCERPT_LENGTH))

    def validate_constraints(self, exclude: Any = None) -> None:
        """Attach the message of a constraint to the field that its error code names."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            by_field: dict[str, list[ValidationError]] = {}
            for field, errors in error.error_dict.items():
                for each in errors:
                    has_field = field == NON_FIELD_ERRORS and hasattr(self, each.code or "")
                    by_field.setdefault(str(each.code) if has_field else field, []).append(each)
            raise ValidationError(by_field) from error

    @property
    def state(self) -> "Article.State":
        """The current state, from the status and the publish and expiry times."""
        now = timezone.now()
        if self.status != self.Status.PUBLISHED:
            return self.State.WITHDRAWN if self.withdrawn_at else self.State(self.status)
        if self.publish_time > now:
            return self.State.SCHEDULED
        if self.expire_time and self.expire_time <= now:
            return self.State.EXPIRED
        return self.State.PUBLISHED

    @property
    def is_published(self) -> bool:
        """Whether visitors can read it now."""
        return self.state == self.State.PUBLISHED

    @property
    def month(self) -> Month:
        """The month in which it was published."""
        return Month.of(self.publish_time)

    @property
    def lead(self) -> str:
        """The text for lists and search results: the summary, else the beginning of the text."""
        return self.summary or self.excerpt

    @property
    def outlined_body(self) -> OutlinedText:
        """The text for the page: cleaned, with anchors on its headings and a list of them."""
        return outline(self.body)

    @cached_property
    def has_chosen_related(self) -> bool:
        """Whether an editor chose related articles; `for_page` annotates it without a query."""
        return self.pk is not None and self.related_articles.exists()

    @cached_property
    def shown_tags(self) -> list[Tag]:
        """The tags of its page; `for_page` reads them within its query."""
        return list(self.tags.all())

    @property
    def pending(self) -> PendingChanges | None:
        """Changes that wait for approval while the published text stays online."""
        return getattr(self, "pending_changes", None) if self.pk else None

    @property
    def versions(self) -> models.QuerySet[Any]:
        """All saved versions, the newest first."""
        return self.history.select_related("history_user").order_by("-history_id")

    @property
    def save_id(self) -> str:
        """A string that differs after each save of the article or of its pending changes.

        It starts with the number of the newest version.
        """
        newest = self.versions.values_list("history_id", flat=True).first() or 0
        return f"{newest}-{self.pending.saved_at.isoformat()}" if self.pending else str(newest)

    @property
    def content(self) -> Content:
        """The values that versions and pending changes store of this article."""
        return self.content_with_tags(self.tags.order_by().values_list("pk", flat=True))

    def content_with_tags(self, tag_ids: Iterable[int]) -> Content:
        """The content of an article whose tags are not saved yet."""
        return get_content(self, self.history.model, tag_ids)

    def apply_content(self, content: Content) -> None:
        """Set the fields to the values in `content`, except the tags, without saving.

        A category that was deleted since is skipped.
        """
        for field in content_fields(self.history.model):
            if field.name not in content:
                continue
            value = field.to_python(content[field.name])
            if field.name == "category":
                if value is None or Category.objects.filter(pk=value).exists():
                    self.category_id = value
            elif field.name == "cover":
                # Not with setattr: it would open the file, which may be missing, to measure it.
                self.__dict__["cover"] = value or ""
            else:
                setattr(self, field.attname, value)

    def apply_pending_changes(self) -> None:
        """Set the fields to the values of the pending changes, if any, without saving."""
        if self.pending:
            self.apply_content(self.pending.content)
