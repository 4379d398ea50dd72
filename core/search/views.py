"""The search page."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import ListView

from core.replica import replica_reads
from core.richtext.cleaning import clean_html
from core.search.documents import translated_text
from core.search.kinds import Kind
from core.search.ranking import MAX_RESULTS, Result, find
from core.text.excerpts import excerpt, highlight
from core.text.html import html_to_text
from core.text.search_query import SearchQuery, clean_query, parse_query


class SearchView(ListView):
    """The objects that match `?q=`, ten to a page; without a query, the form alone."""

    template_name = "search/search.html"
    paginate_by = 10

    @cached_property
    def query_text(self) -> str:
        return clean_query(self.request.GET.get("q", ""))

    @cached_property
    def query(self) -> SearchQuery:
        return parse_query(self.query_text)

    @cached_property
    def language(self) -> str:
        return get_language() or ""

    def get_queryset(self) -> Any:
        with replica_reads():
            return find(self.query, self.language)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "query_text": self.query_text,
            "results": self.shown_results(context["object_list"]),
            "is_cut": context["paginator"].count == MAX_RESULTS,
        }

    def shown_results(self, results: Sequence[Result]) -> list[dict[str, Any]]:
        """What the template needs of each result, in their order; one query for each kind."""
        ids_by_kind: dict[Kind, list[int]] = defaultdict(list)
        for result in results:
            ids_by_kind[result.kind].append(result.object_id)
        with replica_reads():
            objects = {kind: _load(kind, ids) for kind, ids in ids_by_kind.items()}
        return [
            self.shown_result(kind, objects[kind][object_id])
            for kind, object_id in results
            if object_id in objects[kind]
        ]

    def shown_result(self, kind: Kind, row: Any) -> dict[str, Any]:
        return {
            "template": kind.template,
            "object": row,
            "title": highlight(translated_text(row, kind.title, self.language), self.query),
            "excerpt": excerpt(self.texts(kind, row), self.query),
        }

    def texts(self, kind: Kind, row: Any) -> Iterator[str]:
        """The texts for an excerpt; the HTML is only read if the summary has none of the words."""
        yield translated_text(row, kind.summary, self.language)
        yield html_to_text(clean_html(translated_text(row, kind.html, self.language)))


def _load(kind: Kind, ids: list[int]) -> dict[int, Any]:
    rows: Any = kind.model._default_manager
    if kind.select_related:
        rows = rows.select_related(*kind.select_related)
    found: dict[int, Any] = rows.in_bulk(ids)
    return found
