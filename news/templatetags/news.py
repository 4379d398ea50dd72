"""Template tags for articles: `{% article_structured_data %}` and `{% share_links %}`."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

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
