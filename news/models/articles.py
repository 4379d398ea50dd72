"""An article: its text, where it comes from, and when it is read."""

from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.images import PictureField
from core.richtext.fields import RichTextField
from core.richtext.outline import OutlinedText, outline
from core.search.index import update_index
from core.slugs import SluggedModel
from core.text.html import truncate_html
from news.models.filing import Category, Tag
from news.models.querysets import ArticleQuerySet
from news.publishing import Publishing
from news.versions import Versioned

EXCERPT_LENGTH = 200  # characters, as much as a search result shows


class Focus(models.TextChoices):
    """The part of a picture that must not be cut off."""

    CENTER = "center", _("The middle")
    TOP = "top", _("The top")
    BOTTOM = "bottom", _("The bottom")
    LEFT = "left", _("The left side")
    RIGHT = "right", _("The right side")
    TOP_LEFT = "top-left", _("The top left corner")
    TOP_RIGHT = "top-right", _("The top right corner")
    BOTTOM_LEFT = "bottom-left", _("The bottom left corner")
    BOTTOM_RIGHT = "bottom-right", _("The bottom right corner")


class Article(Publishing, Versioned, SluggedModel):
    """A piece of news. One whose `publish_time` lies ahead is scheduled."""

    slug_from = "title"

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=220,
        unique=True,
        blank=True,
        help_text=_("The last part of the article's address. Left empty, it is made of the title."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=500,
        blank=True,
        help_text=_(
            "One or two sentences for lists and search results. Left empty, it is made of the text."
        ),
    )
    body = RichTextField(_("text"), blank=True)
    excerpt = models.CharField(max_length=EXCERPT_LENGTH, blank=True, editable=False)
    cover = PictureField(
        _("cover picture"),
        upload_to="news/",
        blank=True,
        width_field="cover_width",
        height_field="cover_height",
        help_text=_("JPEG, PNG, GIF or WebP; best 1600 × 900 pixels."),
    )
    cover_width = models.PositiveIntegerField(null=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, editable=False)
    cover_alt = models.CharField(
        _("what the cover shows"),
        max_length=200,
        blank=True,
        help_text=_("Read out to those who cannot see the picture."),
    )
    cover_focus = models.CharField(
        _("what matters in the cover"),
        max_length=12,
        choices=Focus.choices,
        default=Focus.CENTER,
        help_text=_("This part stays in view where the picture is cut to fit."),
    )
    author = models.CharField(_("author"), max_length=100, default="Site Editor")
    origin = models.CharField(
        _("origin"),
        max_length=100,
        default="Site",
        help_text=_("“Site” for an article of your own, else the name of where it came from."),
    )
    origin_url = models.URLField(_("origin's address"), max_length=500, blank=True)
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_author = models.CharField(_("author at the source"), max_length=200, blank=True)
    source_time = models.DateTimeField(_("time at the source"), null=True, blank=True)
    source_url = models.URLField(_("address at the source"), max_length=500, blank=True)
    source_permission = models.CharField(
        _("permission"),
        max_length=300,
        blank=True,
        help_text=_("Who allowed it, when and how. Seen by the staff alone."),
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
        help_text=_("Shown below this one. None chosen: the newest of the same category."),
    )
    featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown first on the home page.")
    )
    views = models.PositiveBigIntegerField(_("views"), default=0, editable=False)
    views_booked = models.PositiveBigIntegerField(default=0, editable=False)  # in DailyViews

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-publish_time", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", _("Can publish, withdraw and change what is online"))]
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
                name="article_unbooked",
                condition=models.Q(views__gt=models.F("views_booked")),
            ),
            models.Index(fields=["-publish_time", "-id"], name="article_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "submitted", "published"]),
                name="article_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(expire_time__isnull=True)
                | models.Q(expire_time__gt=models.F("publish_time")),
                name="article_expires_after_it_appears",
                violation_error_code="expire_time",
                violation_error_message=_("An article cannot expire before it is published."),
            ),
            models.CheckConstraint(condition=~models.Q(slug=""), name="article_slug_filled"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:article", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.views_booked = self.views  # what it was read elsewhere belongs to no day here
        self.fill_excerpts()
        with transaction.atomic():
            super().save(*args, **kwargs)
            update_index(Article, [self.pk])

    def fill_excerpts(self) -> None:
        """Keep the beginning of the text in each language, for lists of what has no summary."""
        for code in settings.LANGUAGES_WITH_CONTENT:
            excerpt, body = (build_localized_fieldname(name, code) for name in ("excerpt", "body"))
            setattr(self, excerpt, truncate_html(getattr(self, body) or "", EXCERPT_LENGTH))

    @property
    def lead(self) -> str:
        """What a list and a search result show: the summary, else the beginning of the text."""
        return self.summary or self.excerpt

    def count_reading(self) -> None:
        """Add one to `views` and know the number that includes this reading.

        One statement, so that it is exact however many read at once; it stands outside any
        transaction, so that what was counted survives a killed process.
        """
        table = connection.ops.quote_name(self._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET views = views + 1 WHERE id = %s RETURNING views",  # noqa: S608
                [self.pk],
            )
            row = cursor.fetchone()
        if row:
            self.views = row[0]

    @property
    def outlined_body(self) -> OutlinedText:
        """The text as it is shown: cleaned, with anchors on its headings and a list of them."""
        return outline(self.body)

    @cached_property
    def neighbours(self) -> dict[str, "Article"]:
        """The article published just before this one and the one just after: `previous`, `next`.

        One query; a key is missing at either end of the newsroom.
        """
        published = Article.objects.published()
        at, same_time = self.publish_time, models.Q(publish_time=self.publish_time)
        older = published.filter(
            models.Q(publish_time__lt=at) | (same_time & models.Q(pk__lt=self.pk)),
            publish_time__lte=at,  # says nothing new, but lets the index be used
        ).order_by("-publish_time", "-pk")
        newer = published.filter(
            models.Q(publish_time__gt=at) | (same_time & models.Q(pk__gt=self.pk)),
            publish_time__gte=at,
        ).order_by("publish_time", "pk")
        found = Article.objects.only("slug", "title", "publish_time").filter(
            models.Q(pk=models.Subquery(older.values("pk")[:1]))
            | models.Q(pk=models.Subquery(newer.values("pk")[:1]))
        )
        place = (self.publish_time, self.pk)
        return {
            "previous" if (article.publish_time, article.pk) < place else "next": article
            for article in found
        }

    def related(self, most: int = 4) -> models.QuerySet["Article"]:
        """The articles that an editor chose to go with this one, else the newest beside it."""
        others = Article.objects.published().for_list().exclude(pk=self.pk)
        if self.has_chosen_related:
            return others.filter(chosen_by=self)[:most]
        return others.filter(category_id=self.category_id)[:most]

    @cached_property
    def has_chosen_related(self) -> bool:
        """Whether an editor chose; `for_page` knows it without a further query."""
        return self.related_articles.exists()
