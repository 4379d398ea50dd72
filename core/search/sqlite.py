"""The index on SQLite: an FTS5 table beside the entries.

FTS5 reads rows in descending order of their IDs, that is, the newest object first, and stops at
the limit.
"""

from collections.abc import Iterable
from datetime import UTC

from django.db.backends.utils import CursorWrapper

from core.search.documents import Document
from core.search.kinds import Kind
from core.search.models import (
    KIND_SHIFT,
    MAX_CANDIDATES,
    Candidate,
    SearchEntry,
    first_entry_id,
    object_id_of,
    published_date,
    read_cursor,
)
from core.text.search_query import SearchQuery, Term

TABLE = SearchEntry._meta.db_table
WORDS = "search_words"
HEAD = "{title keywords summary}"
EVERYWHERE = "{title keywords summary body}"
CREATE = [
    # Texts are stored as tokens, so only the spaces between them count.
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5("
    "languages, title, keywords, summary, body, tokenize='ascii', prefix='2 4')",
    f"CREATE TRIGGER {WORDS}_delete AFTER DELETE ON {TABLE}"  # noqa: S608
    f" BEGIN DELETE FROM {WORDS} WHERE rowid = old.id; END",
]
CREATE_INDEXES: list[str] = []
DROP = [f"DROP TRIGGER {WORDS}_delete", f"DROP TABLE {WORDS}"]


def insert(cursor: CursorWrapper, documents: list[Document]) -> None:
    """Write the entries of `documents`."""
    cursor.executemany(
        f"INSERT INTO {TABLE} (id, object_id, title, keywords, summary)"  # noqa: S608
        " VALUES (%s, %s, %s, %s, %s)",
        [(row.id, row.object_id, *row.texts[:3]) for row in documents],
    )
    cursor.executemany(
        f"INSERT INTO {WORDS} (rowid, languages, title, keywords, summary, body)"  # noqa: S608
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [(row.id, _languages(row.languages), *row.texts) for row in documents],
    )


def candidates(kind: Kind, query: SearchQuery, language: str) -> list[Candidate]:
    """The newest entries with the words anywhere, and the next with them in HEAD."""
    wanted = " AND ".join(map(_match, query.terms))
    unwanted = " OR ".join(map(_match, query.excluded))
    found: list[Candidate] = []
    end = _end(kind)
    for columns in (EVERYWHERE, HEAD):
        match = f"(languages : {_languages([language])} AND {columns} : ({wanted}))"
        if unwanted:
            match += f" NOT {EVERYWHERE} : ({unwanted})"
        found += _newest_published(kind, match, end)
        if len(found) < MAX_CANDIDATES:  # as nothing was left out, it includes those in HEAD
            break
        end = first_entry_id(kind, found[-1].object_id)
    return found


def _newest_published(kind: Kind, match: str, end: int) -> list[Candidate]:
    """The newest matching entries before the ID `end` whose objects are published.

    SQLite looks up the objects one by one, until there are enough.
    """
    row, params = published_date(kind)
    is_published = f"EXISTS ({row})"
    with read_cursor() as cursor:
        cursor.execute(
            f"SELECT object_id, entry.title, entry.keywords, entry.summary, ({row})"  # noqa: S608
            f" FROM {WORDS} CROSS JOIN {TABLE} AS entry ON entry.id = {WORDS}.rowid"
            f" WHERE {WORDS} MATCH %s AND {WORDS}.rowid >= %s AND {WORDS}.rowid < %s"
            f" AND {is_published} ORDER BY {WORDS}.rowid DESC LIMIT %s",
            [*params, match, first_entry_id(kind), end, *params, MAX_CANDIDATES],
        )
        return [
            Candidate(object_id, title, keywords, summary, date and date.replace(tzinfo=UTC))
            for object_id, title, keywords, summary, date in cursor.fetchall()
        ]


def matching_objects(kind: Kind, query: SearchQuery, limit: int) -> set[int]:
    """The newest objects with the words in any language, published or not."""
    match = f"{EVERYWHERE} : ({' AND '.join(map(_match, query.terms))})"
    if query.excluded:
        match += f" NOT {EVERYWHERE} : ({' OR '.join(map(_match, query.excluded))})"
    with read_cursor() as cursor:
        ids = _newest_entries(cursor, kind, match, _end(kind), limit)
    return {object_id_of(kind, entry_id) for entry_id in ids}


def _newest_entries(
    cursor: CursorWrapper, kind: Kind, match: str, end: int, limit: int
) -> list[int]:
    """The IDs of the newest matching entries before the ID `end`."""
    cursor.execute(
        f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s"  # noqa: S608
        " AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
        [match, first_entry_id(kind), end, limit],
    )
    return [entry_id for (entry_id,) in cursor.fetchall()]


def _end(kind: Kind) -> int:
    """An ID after those of all entries."""
    return (kind.number + 1) << KIND_SHIFT


def _languages(languages: Iterable[str]) -> str:
    """Language codes as words that FTS5 does not split."""
    return " ".join(code.replace("-", "") for code in languages)


def _match(term: Term) -> str:
    """An FTS5 expression for any spelling of `term`."""
    return "(" + " OR ".join(map(_phrase, term.spellings)) + ")"


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"' + (" *" if term.prefix else "")
