"""`{% article_data article company %}`: an article, for machines."""

from django import template
from django.utils.safestring import SafeString

from contacts.models import Company
from core import structured_data
from news.models import Article
from news.structured_data import news_article, way_to

register = template.Library()


@register.simple_tag
def article_data(article: Article, company: Company) -> SafeString:
    """The element that holds the article and the way to it."""
    return structured_data.script(news_article(article, company), way_to(article))
