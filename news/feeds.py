"""RSS and Atom feeds with full texts, of all news or of one category."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page

from contacts.models import Company
from core.absolute_urls import absolute_url
from core.images.stored_sizes import stored_bytes
from core.replica import replica_reads
from core.richtext.cleaning import clean_html
from news.models import Article, Category

MAX_ITEMS = 20


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the full text of each item in `content:encoded` (RSS 1.0 content module)."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/"
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content:encoded", item["text"])


class FullTextAtom(Atom1Feed):
    """Atom (RFC 4287) with the full text of each entry in `content`."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content", item["text"], {"type": "html"})


class RssFeed(Feed):
    """The newest articles, or those of the category `slug`; 404 for an unknown category."""

    feed_type: type = FullTextRss
    reversed_name = "feed"

    def get_object(self, request: HttpRequest, slug: str = "") -> Category | None:
        return get_object_or_404(Category, slug=slug) if slug else None

    def title(self, category: Category | None) -> str:
        parts = [category.name if category else _("News"), Company.current().name]
        return " – ".join(part for part in parts if part)

    def link(self, category: Category | None) -> str:
        return absolute_url(category.get_absolute_url() if category else reverse("news:list"))

    def feed_url(self, category: Category | None) -> str:
        if category:
            url = reverse(f"news:category-{self.reversed_name}", args=[category.slug])
        else:
            url = reverse(f"news:{self.reversed_name}")
        return absolute_url(url)

    def description(self, category: Category | None) -> str:
        return _("Latest articles")

    subtitle = description

    def items(self, category: Category | None) -> list[Article]:
        articles = Article.objects.published().select_related("category").prefetch_related("tags")
        if category:
            children = Category.objects.filter(parent=category).values_list("pk", flat=True)
            articles = articles.filter(category__in=[category.pk, *children])
        return list(articles[:MAX_ITEMS])

    def item_title(self, article: Article) -> str:
        return article.title

    def item_description(self, article: Article) -> str:
        return article.lead

    def item_pubdate(self, article: Article) -> datetime:
        return article.publish_time

    def item_author_name(self, article: Article) -> str:
        return article.author

    def item_categories(self, article: Article) -> list[str]:
        category = [article.category.name] if article.category else []
        return [*category, *(tag.name for tag in article.tags.all())]

    def item_link(self, article: Article) -> str:
        return absolute_url(article.get_absolute_url())

    item_guid = item_link

    def item_enclosures(self, article: Article) -> list[Enclosure]:
        if not article.cover:
            return []
        kind = str(article.cover.name).rpartition(".")[2].replace("jpg", "jpeg")
        size = str(stored_bytes(article.cover))
        return [Enclosure(absolute_url(article.cover.url), size, f"image/{kind}")]

    def item_extra_kwargs(self, article: Article) -> dict[str, str]:
        """The full text, with absolute URLs of its links and pictures."""
        text = clean_html(article.body or "")
        for attribute in ("src", "href"):
            text = text.replace(f'{attribute}="/', f'{attribute}="{settings.SITE_URL}/')
        return {"text": text}


class AtomFeed(RssFeed):
    """The same articles as Atom."""

    feed_type = FullTextAtom
    reversed_name = "feed-atom"


# Responds 304 without a body to a feed reader that has the current feed (RFC 9110, 13.1).
rss = conditional_page(replica_reads()(RssFeed()))
atom = conditional_page(replica_reads()(AtomFeed()))
