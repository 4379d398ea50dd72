"""The search page, and suggestions while a visitor types."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from core.http import client_ip
from core.rate_limit import is_over_limit
from core.replica import replica_reads
from core.richtext.cleaning import clean_html
from core.search.documents import translated_text
from core.search.kinds import Kind, all_kinds
from core.search.models import MAX_CANDIDATES
from core.search.ranking import MAX_RESULTS, Found, Result, search
from core.search.spelling import corrected
from core.search.synonyms import read_query
from core.text.excerpts import excerpt, highlight
from core.text.html import html_to_text
from core.text.search_query import SearchQuery, clean_query

MAX_SUGGESTIONS = 8
MIN_SUGGESTION_QUERY = 2  # characters
SUGGESTION_RATE = (240, 60)  # so many of one visitor in so many seconds
SUGGESTION_LIFETIME = 60  # seconds in the visitor's browser
MAX_GROUP_RESULTS = 5  # of one kind, if there are results of several


@dataclass
class Group:
    """The results of one kind; `is_cut` if there are more than `count`."""

    kind: Kind
    count: int
    results: list[dict[str, Any]]
    is_chosen: bool

    @property
    def is_cut(self) -> bool:
        return self.count >= MAX_CANDIDATES

    @property
    def has_more(self) -> bool:
        return self.count > len(self.results)


class SearchView(ListView):
    """The objects that match `?q=`: the best of each kind, or a list of one (`?kind=`).

    Without a query, the form alone.
    """

    template_name = "search/search.html"
    corrected_text = ""  # what was searched for instead, as nothing was found
    paginate_by = 10

    @cached_property
    def query_text(self) -> str:
        return clean_query(self.request.GET.get("q", ""))

    @cached_property
    def query(self) -> SearchQuery:
        return read_query(self.query_text)

    @cached_property
    def language(self) -> str:
        return get_language() or ""

    @cached_property
    def found(self) -> Found:
        """The results or, without any, those of the corrected query."""
        with replica_reads():
            found = search(self.query, self.language)
            if self.query and not found.results:
                text = corrected(self.query_text)
                other = search(read_query(text), self.language)
                if other.results:
                    self.corrected_text, self.query, found = text, read_query(text), other
            return found

    @cached_property
    def chosen(self) -> Kind | None:
        """The kind to list: the chosen one, or the only one that was found."""
        name = self.request.GET.get("kind")
        found = [kind for kind, count in self.found.counts.items() if count]
        return next((kind for kind in found if kind.name == name), None) or (
            found[0] if len(found) == 1 else None
        )

    def get_queryset(self) -> Any:
        """The results of the chosen kind, or the first of each in the order of the best ones."""
        if self.chosen:
            listed = [result for result in self.found.results if result.kind == self.chosen]
            return listed[:MAX_RESULTS]
        by_kind: dict[Kind, list[Result]] = defaultdict(list)
        for result in self.found.results:
            by_kind[result.kind].append(result)
        return [result for results in by_kind.values() for result in results[:MAX_GROUP_RESULTS]]

    def get_paginate_by(self, queryset: Any) -> int | None:
        return self.paginate_by if self.chosen else MAX_GROUP_RESULTS * len(all_kinds())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        groups = self.groups(context["object_list"])
        counts = self.found.counts
        shown_query = self.corrected_text or self.query_text
        filters = {"q": shown_query}
        if "kind" in self.request.GET and self.chosen:
            filters["kind"] = self.chosen.name
        return context | {
            "filter_query": urlencode(filters, quote_via=quote),
            "shown_query": shown_query,
            "corrected": self.corrected_text,
            "query_text": self.query_text,
            "groups": groups,
            "chosen": self.chosen,
            "kinds": [
                Group(kind, counts[kind], [], kind == self.chosen)
                for kind in counts
                if counts[kind]
            ],
            "total": sum(counts.values()),
            "is_cut": bool(self.chosen) and context["paginator"].count == MAX_RESULTS,
        }

    def groups(self, results: Sequence[Result]) -> list[Group]:
        """What the template needs of each result, by kind in their order; one query for each."""
        by_kind: dict[Kind, list[int]] = defaultdict(list)
        for result in results:
            by_kind[result.kind].append(result.object_id)
        groups = []
        for kind, ids in by_kind.items():
            with replica_reads():
                rows = _load(kind, ids)
            shown = [self.shown_result(kind, rows[pk]) for pk in ids if pk in rows]
            groups.append(Group(kind, self.found.counts[kind], shown, kind == self.chosen))
        return groups

    def shown_result(self, kind: Kind, row: Any) -> dict[str, Any]:
        return {
            "template": kind.template,
            "object": row,
            "title": highlight(translated_text(row, kind.title, self.language), self.query),
            "excerpt": excerpt(self.texts(kind, row), self.query),
        }

    def texts(self, kind: Kind, row: Any) -> Iterator[str]:
        """The texts for an excerpt; the others are read if the first has none of the words."""
        yield translated_text(row, kind.summary, self.language)
        yield " ".join(kind.get_details(row, self.language))
        yield html_to_text(clean_html(translated_text(row, kind.html, self.language)))


def _load(kind: Kind, ids: list[int], *, with_details: bool = True) -> dict[int, Any]:
    rows: Any = kind.model._default_manager
    if kind.select_related:
        rows = rows.select_related(*kind.select_related)
    if with_details:
        rows = rows.prefetch_related(*kind.detail_relations)
    found: dict[int, Any] = rows.in_bulk(ids)
    return found


@require_safe
@cache_control(private=True, max_age=SUGGESTION_LIFETIME)
def suggestions(request: HttpRequest) -> JsonResponse:
    """The titles and URLs of the best results for `?q=`; none for a visitor who asks too often."""
    text, language = clean_query(request.GET.get("q", "")), get_language() or ""
    found: list[Result] = []
    if len(text) >= MIN_SUGGESTION_QUERY and not is_over_limit(
        "search-suggestions", client_ip(request), SUGGESTION_RATE
    ):
        with replica_reads():
            results = search(read_query(text), language).results
            # The last word may be only the beginning of one.
            results = results or search(read_query(f"{text}*"), language).results
            found = results[:MAX_SUGGESTIONS]
    ids: dict[Kind, list[int]] = defaultdict(list)
    for result in found:
        ids[result.kind].append(result.object_id)
    with replica_reads():
        rows = {kind: _load(kind, keys, with_details=False) for kind, keys in ids.items()}
        shown = [
            {
                "title": translated_text(row, result.kind.title, language),
                "kind": result.kind.label,
                "url": row.get_absolute_url(),
            }
            for result in found
            if (row := rows[result.kind].get(result.object_id))
        ]
    return JsonResponse({"suggestions": shown})
