"""The index on SQLite: an FTS5 table beside the entries.

FTS5 walks from its highest row number down, which is from the newest article, and stops at the
limit.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from core.text.search_query import SearchQuery, Term
from news.search.documents import Document
from news.search.models import MOST_CANDIDATES, Candidate, published_entries

# Those that are looked at for `published` ones among them.
MOST_LOOKED_AT = 4 * MOST_CANDIDATES

TABLE = "news_searchentry"
WORDS = "news_searchwords"
HEAD = "{title tags summary}"
CREATE = [
    # Words come here cut and cleaned already, so only the spaces between them count.
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5("
    "languages, title, tags, summary, body, tokenize='ascii', prefix='2 4')",
    # Django deletes the entries of a deleted article.
    f"CREATE TRIGGER {WORDS}_gone AFTER DELETE ON {TABLE}"  # noqa: S608
    f" BEGIN DELETE FROM {WORDS} WHERE rowid = old.id; END",
]
CREATE_INDEXES: list[str] = []
DROP = [f"DROP TRIGGER {WORDS}_gone", f"DROP TABLE {WORDS}"]


def write(cursor: CursorWrapper, article_ids: list[int], documents: list[Document]) -> None:
    """Put `documents` in the place of what the index holds of these articles."""
    places = ", ".join(["%s"] * len(article_ids))
    cursor.execute(f"DELETE FROM {TABLE} WHERE article_id IN ({places})", article_ids)  # noqa: S608
    cursor.executemany(
        f"INSERT INTO {TABLE} (id, article_id, title, tags, summary)"  # noqa: S608
        " VALUES (%s, %s, %s, %s, %s)",
        [(row.id, row.article_id, row.title, row.tags, row.summary) for row in documents],
    )
    cursor.executemany(
        f"INSERT INTO {WORDS} (rowid, languages, title, tags, summary, body)"  # noqa: S608
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [
            (row.id, _languages(row.languages), row.title, row.tags, row.summary, row.body)
            for row in documents
        ],
    )


def candidates(published: QuerySet[Any], query: SearchQuery, language: str) -> set[Candidate]:
    """The newest entries with the wanted words in their head, then those with them anywhere."""
    wanted = " AND ".join(map(_phrase, query.terms))
    unwanted = " OR ".join(map(_phrase, query.excluded))
    found: set[Candidate] = set()
    with connection.cursor() as cursor:
        for columns in (HEAD, "{title tags summary body}"):
            match = f"(languages : {_languages([language])} AND {columns} : ({wanted}))"
            if unwanted:
                match += f" NOT {{title tags summary body}} : ({unwanted})"
            cursor.execute(
                f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s"  # noqa: S608
                " ORDER BY rowid DESC LIMIT %s",
                [match, MOST_LOOKED_AT],
            )
            numbers = [number for (number,) in cursor.fetchall()]
            shown = published_entries(published).filter(pk__in=numbers).order_by("-pk")
            rows = shown.values_list(*Candidate._fields)[:MOST_CANDIDATES]
            found |= {Candidate(*row) for row in rows}
    return found


def _languages(languages: Iterable[str]) -> str:
    """Language codes as words that FTS5 does not cut in two."""
    return " ".join(code.replace("-", "") for code in languages)


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"' + (" *" if term.prefix else "")
