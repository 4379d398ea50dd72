"""Finding news by its words."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import ListView

from core.text.excerpts import excerpt, highlight
from core.text.html import html_to_text
from core.text.search_query import SearchQuery, clean_query, parse_query
from news.models import Article
from news.search.finding import MOST_RESULTS, find


class SearchView(ListView):
    """The articles that answer `?q=`, ten to a page; with nothing asked, the form alone."""

    template_name = "news/search.html"
    paginate_by = 10

    @cached_property
    def asked(self) -> str:
        return clean_query(self.request.GET.get("q", ""))

    @cached_property
    def query(self) -> SearchQuery:
        return parse_query(self.asked)

    def get_queryset(self) -> list[int]:  # type: ignore[override]
        return find(self.query, get_language() or "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "asked": self.asked,
            "results": self.results(context["object_list"]),
            "is_cut": context["paginator"].count == MOST_RESULTS,
        }

    def results(self, numbers: list[int]) -> list[dict[str, Any]]:
        """The articles with these numbers, in their order, with what a result shows of each."""
        articles: QuerySet[Article] = Article.objects.select_related("category")
        found = articles.in_bulk(numbers)
        return [self.result(found[number]) for number in numbers if number in found]

    def result(self, article: Article) -> dict[str, Any]:
        # The body is read only if the summary has none of the words.
        texts = (text() for text in (lambda: article.summary, lambda: html_to_text(article.body)))
        return {
            "article": article,
            "title": highlight(article.title, self.query),
            "excerpt": excerpt(texts, self.query),
        }
