"""An article as schema.org data."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext

from contacts.models import Company
from core.absolute_urls import absolute_url
from core.page_urls import page_url
from core.structured_data import breadcrumb_list
from news.models import Article, Tag

# Authors of articles that the company wrote itself.
COMPANY_AUTHORS = {"", "Site Editor"}


def news_article(article: Article, tags: Iterable[Tag], company: Company) -> dict[str, Any]:
    """`article` with its `tags` as a `NewsArticle`: https://schema.org/NewsArticle."""
    publisher = {"@type": "Organization", "name": company.name, "url": f"{settings.SITE_URL}/"}
    is_own = article.author in COMPANY_AUTHORS
    return {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.lead,
        "image": [absolute_url(article.cover.url)] if article.cover else [],
        "datePublished": article.publish_time.isoformat(),
        "author": publisher if is_own else {"@type": "Person", "name": article.author},
        "publisher": publisher,
        "mainEntityOfPage": absolute_url(article.get_absolute_url()),
        "inLanguage": get_language(),
        "articleSection": article.category.name if article.category else "",
        "keywords": [tag.name for tag in tags],
        "isBasedOn": article.source_url or article.origin_url,
    }


def article_breadcrumb(article: Article) -> dict[str, Any]:
    """The breadcrumb of an article's page."""
    return breadcrumb_list(
        [
            (gettext("Home"), page_url("home")),
            (gettext("News"), page_url("news:list")),
            (article.title, article.get_absolute_url()),
        ]
    )
