"""The public pages of the news."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.http import is_person, is_staff
from core.page_cache.counting import count_view
from core.page_cache.views import cached_page, depend_on, views_to_show
from core.pagination import KeysetListView
from core.taxonomy import Branch, find_branch
from news import page_cache
from news.archive import Month
from news.models import Article, ArticleQuerySet, Category, Tag
from news.queries import (
    find_article,
    find_articles,
    find_category_tree,
    find_most_read,
    find_neighbours,
    find_related,
)


class ArticleList(KeysetListView):
    """All published articles, the newest first."""

    template_name = "news/article_list.html"
    context_object_name = "articles"
    paginate_by = 12
    extra_context = {"most_read": find_most_read}

    @cached_property
    def categories(self) -> list[Branch]:
        return find_category_tree()

    def get_queryset(self) -> Any:
        return find_articles()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(categories=self.categories, **kwargs)


class CategoryArticleList(ArticleList):
    """The published articles of one category; 404 for an unknown category."""

    def get_queryset(self) -> Any:
        branch = find_branch(self.categories, self.kwargs["slug"])
        if branch is None:
            raise Http404
        self.category: Category = branch.category
        return find_articles(branch.ids)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subcategories = next(
            branch.children for branch in self.categories if branch.find(self.category.slug)
        )
        return super().get_context_data(
            category=self.category, subcategories=subcategories, **kwargs
        )


class TagArticleList(ArticleList):
    """The published articles with a tag; 404 for an unknown tag."""

    def get_queryset(self) -> ArticleQuerySet:
        self.tag = get_object_or_404(Tag, slug=self.kwargs["slug"])
        return Article.objects.published().with_tag(self.tag).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(tag=self.tag, **kwargs)


class MonthArticleList(ArticleList):
    """The articles published in a month of the company's time zone; 404 for one without any."""

    allow_empty = False

    def get_queryset(self) -> ArticleQuerySet:
        try:
            self.month = Month(self.kwargs["year"], self.kwargs["month"])
        except ValueError as error:
            raise Http404 from error
        return Article.objects.published().for_list().published_in(self.month)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            month=self.month,
            earlier=Article.objects.month_before(self.month),
            later=Article.objects.month_after(self.month),
            **kwargs,
        )


@cached_page(page_cache.ALL, page_cache.ARTICLE, next_change=page_cache.next_change)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """A published article; 410 for one that is no longer public, 404 for one that never was."""
    article = find_article(slug)
    if article is None:
        raise Http404
    match article.state:
        case Article.State.PUBLISHED:
            pass
        case Article.State.WITHDRAWN | Article.State.EXPIRED:
            return render(request, "410.html", status=410)
        case _:
            raise Http404
    depend_on(request, page_cache.related_tag(article.category_id))
    context = {
        "article": article,
        "views": views_to_show(request, article),
        "is_counted_apart": settings.CDN,
        "cover": article.cover,
        "tags": article.shown_tags,
        "neighbours": find_neighbours(article),
        "related": find_related(article),
    }
    return render(request, "news/article.html", context)


@csrf_exempt  # `navigator.sendBeacon` sends no token, and only a number can change
@never_cache
def count_reading(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a view of an article whose page came from a content delivery network.

    The page's script sends a POST or, without JavaScript, an image loads this as its source.
    Answers with 204, as if there were no such article, also where nothing is counted.
    """
    from_this_site = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if settings.CDN and from_this_site and is_person(request.META) and not is_staff(request):
        article = Article.objects.published().filter(slug=slug).first()
        if article:
            count_view(article)
    return HttpResponse(status=204)
