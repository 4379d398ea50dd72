"""The answers to a query, the best first."""

from core.text.search_query import SearchQuery, Term
from news.models import Article
from news.search import index
from news.search.models import Candidate

MOST_RESULTS = 200

# What a term is worth by the best place that it stands in, from the title down.
IN_TITLE, IN_TAGS, IN_SUMMARY, IN_BODY = 8, 4, 2, 1


def find(query: SearchQuery, language: str) -> list[int]:
    """The numbers of published articles that answer `query` in `language`, at most MOST_RESULTS.

    A word in the title counts for more than one in the tags, that for more than one in the
    summary, that for more than one in the text; among equals, the newest article is first. The
    number of queries is the same for every search.
    """
    if not query:
        return []
    candidates = index.candidates(Article.objects.published(), query, language)
    ranked = sorted(
        ((_worth(query, row), row.publish_time, row.article_id) for row in candidates), reverse=True
    )
    return [number for _, _, number in ranked[:MOST_RESULTS]]


def _worth(query: SearchQuery, row: Candidate) -> int:
    places = ((row.title, IN_TITLE), (row.tags, IN_TAGS), (row.summary, IN_SUMMARY))
    return sum(
        next((worth for text, worth in places if _is_in(term, text)), IN_BODY)
        for term in query.terms
    )


def _is_in(term: Term, text: str) -> bool:
    end = "" if term.prefix else " "
    return f" {' '.join(term.tokens)}{end}" in f" {text} "
