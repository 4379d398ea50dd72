"""The queryset of articles: by state and for each page and list."""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from core.page_cache.models import CountedModel
from core.related_rows import RelatedRows
from news.archive import Month
from news.models.pending_changes import PendingChanges
from news.models.tag import Tag
from news.models.watched import NewsQuerySet

LIST_FIELDS = (
    "slug",
    "title",
    "summary",
    "excerpt",
    "cover",
    "cover_width",
    "cover_height",
    "cover_alt",
    "cover_focus",
    "publish_time",
    "featured",
    "category__name",
)
MAX_SORTED = 500  # articles of a tag
# Stands for `Article`, which imports this module.
ArticleT = TypeVar("ArticleT", bound=models.Model)


class ComparedColumn(models.Func):
    """A column that SQLite compares in each row instead of looking it up in an index.

    Of two upper limits of a column, it would use the first, and read all rows between them.
    """

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class ArticleQuerySet(NewsQuerySet[ArticleT]):
    """Articles by state and month, and prepared for lists and pages."""

    model: Any
    ignored_fields = CountedModel.COUNTERS

    def published(self, now: Any = None) -> Self:
        """Articles that visitors can read now; in prepared queries, `now` is a parameter."""
        now = timezone.now() if now is None else now
        return self.filter(
            models.Q(expire_time=None) | models.Q(expire_time__gt=now),
            LessThanOrEqual(ComparedColumn("publish_time"), now),
            status=self.model.Status.PUBLISHED,
        )

    def scheduled(self) -> Self:
        """Published articles whose publish time is in the future."""
        return self.filter(status=self.model.Status.PUBLISHED, publish_time__gt=timezone.now())

    def expired(self) -> Self:
        """Published articles whose expire time has passed."""
        # Without a condition on NULL, which PostgreSQL would take for an independent one, and
        # without the status itself, for which SQLite would read all published articles.
        now, status = timezone.now(), self.model.Status
        passed = self.filter(publish_time__lte=now, expire_time__lte=now)
        return passed.exclude(status__in=[status.DRAFT, status.SUBMITTED])

    def withdrawn(self) -> Self:
        """Articles that were taken offline after visitors could read them."""
        return self.filter(withdrawn_at__isnull=False).exclude(status=self.model.Status.PUBLISHED)

    def with_pending_changes(self) -> Self:
        return self.filter(pending_changes__isnull=False)

    def in_state(self, state: str) -> Self:
        """Articles in one of the states of `Article.State`."""
        status = self.model.Status
        match state:
            case self.model.State.DRAFT:
                return self.filter(status=status.DRAFT, withdrawn_at__isnull=True)
            case self.model.State.SUBMITTED:
                return self.filter(status=status.SUBMITTED)
            case self.model.State.SCHEDULED:
                return self.scheduled()
            case self.model.State.PUBLISHED:
                return self.published()
            case self.model.State.EXPIRED:
                return self.expired()
            case self.model.State.WITHDRAWN:
                return self.withdrawn()
        return self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Articles that `user` may see in the admin: all of them, or none without permission."""
        if user.has_perm("news.view_article") or user.has_perm("news.change_article"):
            return self
        return self.none()

    def for_list(self) -> Self:
        """What a list shows of each article, in one query."""
        return self.select_related("category").only(*LIST_FIELDS)

    def for_admin_list(self) -> Self:
        """Articles for the admin's list; each with `has_pending_changes`."""
        pending = PendingChanges.objects.filter(article=models.OuterRef("pk"))
        articles = self.select_related("category").defer("body")
        return articles.annotate(has_pending_changes=models.Exists(pending))

    def for_page(self) -> Self:
        """Articles for their own page, with their category and tags, in one query."""
        through: Any = self.model.related_articles.through
        chosen = through.objects.filter(from_article=models.OuterRef("pk"))
        return self.select_related("category").annotate(
            has_chosen_related=models.Exists(chosen),
            shown_tags=RelatedRows(Tag.objects.filter(articles=models.OuterRef("pk"))),
        )

    def in_categories(self, categories: Iterable[Any]) -> Self:
        """The articles of the categories with these primary keys."""
        return self.filter(category__pk__in=categories)

    def with_tag(self, tag: Tag) -> Self:
        """The articles with a tag: sorted if they are few, else found in their order.

        SQLite does not know how many rows a tag has, so this decides for it.
        """
        links = self.model.tags.through.objects.filter(tag=tag)
        keys = list(links.values_list("article", flat=True)[: MAX_SORTED + 1])
        if len(keys) > MAX_SORTED:
            return self.filter(models.Exists(links.filter(article=models.OuterRef("pk"))))
        found = self.model.objects.filter(pk__in=keys)
        return found.filter(models.Exists(self.order_by().filter(pk=models.OuterRef("pk"))))

    def published_in(self, month: Month) -> Self:
        """Articles with a publish time in a month of the company's time zone."""
        return self.filter(publish_time__gte=month.start, publish_time__lt=month.end)

    def month_before(self, month: Month) -> Month | None:
        """The last month before `month` with a published article."""
        return self._month_of_first(self.published().filter(publish_time__lt=month.start))

    def month_after(self, month: Month) -> Month | None:
        """The first month after `month` with a published article."""
        later = self.published().filter(publish_time__gte=month.end)
        return self._month_of_first(later.reverse())

    def _month_of_first(self, articles: Self) -> Month | None:
        publish_time = articles.values_list("publish_time", flat=True).first()
        return Month.of(publish_time) if publish_time else None

    def newest(self, limit: int = 100) -> Self:
        """The newest published articles."""
        return self.published().for_list()[:limit]
