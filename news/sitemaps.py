from datetime import datetime

from django.db.models import QuerySet

from config.sitemaps import TranslatedSitemap
from news.models import Article, Category


class ArticleSitemap(TranslatedSitemap):
    def items(self) -> QuerySet[Article]:
        return Article.objects.published().only("slug", "publish_time")

    def lastmod(self, article: Article) -> datetime:
        return article.publish_time


class CategorySitemap(TranslatedSitemap):
    def items(self) -> QuerySet[Category]:
        return Category.objects.only("slug")
