"""The sitemaps of the news."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from core.sitemaps import SiteUrlSitemap, TranslatedSitemap
from news.models import Article, Category


class ArticleSitemap(TranslatedSitemap):
    def items(self) -> QuerySet[Article]:
        return Article.objects.published().only("slug", "publish_time", "updated_at")

    def lastmod(self, article: Article) -> datetime:
        """The publish time, or the time of the last change after it."""
        return max(article.publish_time, article.updated_at)


class GoogleNewsSitemap(SiteUrlSitemap):
    """The articles of the last two days in the default language, for Google News.

    `limit` is also the maximum that Google reads.
    """

    def items(self) -> QuerySet[Article]:
        since = timezone.now() - timedelta(days=2)
        return (
            Article.objects.published()
            .filter(publish_time__gte=since)
            .only("slug", "title", "publish_time")
        )


class CategorySitemap(TranslatedSitemap):
    def items(self) -> QuerySet[Category]:
        return Category.objects.only("slug")
