"""Articles, their categories and tags, and what counts as published."""

from collections.abc import Sequence
from typing import Self

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.pictures import PictureField
from config.richtext.fields import RichTextField
from config.slugs import SluggedModel
from news.months import Month
from news.wordpress.models import ImportedItem as ImportedItem


class Category(SluggedModel):
    """A section of the newsroom."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=120, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="news_category_not_its_own_parent",
                violation_error_message=_("A category cannot be part of itself."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a tree of more than two levels; a circle would be one."""
        super().clean()
        if self.parent is None or self.parent == self:
            return
        if self.parent.parent_id or (self.pk and self.children.exists()):
            raise ValidationError({"parent": _("Categories go two levels deep at the most.")})

    def get_absolute_url(self) -> str:
        return reverse("news:category", args=[self.slug])


class Tag(SluggedModel):
    """A word by which articles of different categories belong together."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=80, unique=True, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("news:tag", args=[self.slug])


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """What visitors may read now: published, and its time has come."""
        return self.filter(status=Article.Status.PUBLISHED, publish_time__lte=timezone.now())

    def for_list(self) -> Self:
        """Articles with what a list shows of each, without their bodies, in one query."""
        return self.select_related("category").defer("body")

    def for_page(self) -> Self:
        """Articles with what their own page shows of them, in two queries."""
        return self.select_related("category").prefetch_related("tags")

    def published_in(self, month: Month) -> Self:
        """What was published in a month of the company's time zone."""
        return self.filter(publish_time__gte=month.start, publish_time__lt=month.end)

    def newest_month(self) -> Month | None:
        """The month of the newest article."""
        article = self.published().only("publish_time").first()
        return Month.of(article.publish_time) if article else None

    def month_before(self, month: Month) -> Month | None:
        """The last month before `month` in which anything was published."""
        article = self.published().only("publish_time").filter(publish_time__lt=month.start).first()
        return Month.of(article.publish_time) if article else None

    def month_after(self, month: Month) -> Month | None:
        """The first month after `month` in which anything was published."""
        article = self.published().only("publish_time").filter(publish_time__gte=month.end).last()
        return Month.of(article.publish_time) if article else None

    def newest(self, most: int = 100) -> Self:
        return self.published().for_list()[:most]

    def for_home(self, most: int = 4) -> Sequence["Article"]:
        """The newest featured article, then the newest of all."""
        newest = list(self.newest(most))
        featured = self.published().for_list().filter(featured=True).first()
        if featured is None:
            return newest
        return [featured, *(article for article in newest if article != featured)][:most]


class Article(SluggedModel):
    """A piece of news. One whose `publish_time` lies ahead is scheduled."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

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
        help_text=_("One or two sentences for lists and search results."),
    )
    body = RichTextField(_("text"), blank=True)
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
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    publish_time = models.DateTimeField(
        _("publish time"),
        default=timezone.now,
        help_text=_("A published article appears at this time; one that lies ahead waits for it."),
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
    featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown first on the home page.")
    )
    views = models.PositiveBigIntegerField(_("views"), default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-publish_time", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
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
            models.Index(fields=["-publish_time", "-id"], name="article_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published"]), name="article_status_known"
            ),
            models.CheckConstraint(condition=~models.Q(slug=""), name="article_slug_filled"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:article", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.publish_time <= timezone.now()

    @property
    def state(self) -> str:
        """The status in words; a published article that waits for its time is scheduled."""
        if self.status == self.Status.PUBLISHED and not self.is_published:
            return gettext("Scheduled")
        return self.get_status_display()

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
        """The newest other articles of the same category."""
        published = Article.objects.published().for_list()
        return published.filter(category_id=self.category_id).exclude(pk=self.pk)[:most]
