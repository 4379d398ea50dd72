"""Template tags for articles: their structured data, links for sharing, and publish date."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from contacts.models import Company
from core import structured_data
from news.models import Article, Tag
from news.share_links import share_links
from news.structured_data import article_breadcrumb, news_article

register = template.Library()
register.simple_tag(share_links)


@register.simple_tag
def article_structured_data(article: Article, tags: Iterable[Tag], company: Company) -> SafeString:
    """The `<script>` with the article and its breadcrumb as schema.org data."""
    return structured_data.json_ld(
        news_article(article, tags, company), article_breadcrumb(article)
    )


@register.simple_tag
def publish_date(article: Article) -> SafeString:
    """The `<time>` element with the day on which the article was published."""
    at = timezone.localtime(article.publish_time)
    day = escape(_written_date(at.date(), get_language()))
    return mark_safe(f'<time datetime="{at.isoformat()}">{day}</time>')  # noqa: S308 -- escaped


@lru_cache(maxsize=1000)
def _written_date(day: date, language: str | None) -> str:
    return date_format(day, "DATE_FORMAT")
