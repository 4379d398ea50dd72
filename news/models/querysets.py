"""Which articles there are for whom: every term of the newsroom is a method here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from news.months import Month
from news.publishing import PublishingQuerySet
from news.readings.models import DailyViews

if TYPE_CHECKING:
    from news.models import Article, Category


class ArticleQuerySet(PublishingQuerySet["Article"]):
    def for_list(self) -> Self:
        """Articles with what a list shows of each, without their bodies, in one query."""
        return self.select_related("category").defer("body")

    def for_page(self) -> Self:
        """Articles with what their own page shows of them, in two queries."""
        through: Any = self.model.related_articles.through
        chosen = through.objects.filter(from_article=models.OuterRef("pk"))
        return (
            self.select_related("category")
            .prefetch_related("tags")
            .annotate(has_chosen_related=models.Exists(chosen))
        )

    def below(self, category: "Category") -> Self:
        """The articles of `category` and of the categories that are part of it."""
        return self.filter(models.Q(category=category) | models.Q(category__parent=category))

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

    def most_read(self, days: int = 7) -> list["Article"]:
        """The published articles that were read most in the last days, the most read first."""
        ids = [pk for pk, _ in DailyViews.objects.most_read(days)]
        found = self.published().for_list().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def for_home(self, most: int = 4) -> Sequence["Article"]:
        """The newest featured article, then the newest of all."""
        newest = list(self.newest(most))
        featured = self.published().for_list().filter(featured=True).first()
        if featured is None:
            return newest
        return [featured, *(article for article in newest if article != featured)][:most]
