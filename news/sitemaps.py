"""The news in the sitemap, and the sitemap for Google News."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.replica import replica_reads
from core.sitemaps import RowsInParts
from news.models import Article, Category

GOOGLE_NEWS_PERIOD = timedelta(days=2)
MAX_GOOGLE_NEWS = 1000  # as many as Google reads

sections = {
    "news": RowsInParts(Article.objects.published, "news:article", "publish_time", "updated_at"),
    "news-categories": RowsInParts(Category.objects.all, "news:category"),
}


@replica_reads()
def show_google_news(request: HttpRequest) -> HttpResponse:
    """The articles of the last two days in the default language, the newest first."""
    since = timezone.now() - GOOGLE_NEWS_PERIOD
    newest = Article.objects.published().filter(publish_time__gte=since)
    articles = newest.only("slug", "title", "publish_time")[:MAX_GOOGLE_NEWS]
    return render(
        request,
        "news/google_news_sitemap.xml",
        {"articles": articles},
        content_type="application/xml",
    )
