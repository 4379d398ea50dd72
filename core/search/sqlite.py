"""The index on SQLite: an FTS5 table beside the entries.

FTS5 reads rows in descending order of their IDs, that is, the newest object first, and stops at
the limit. It would first read every row of a prefix, so a prefix becomes the words that it begins.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import chain
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from core.search.documents import Document
from core.search.kinds import Kind
from core.search.models import (
    KIND_SHIFT,
    MAX_CANDIDATES,
    MAX_LENGTH_DIFFERENCE,
    MAX_SIMILAR_WORDS,
    MAX_WORDS_PER_PREFIX,
    WORD_TABLE,
    Candidate,
    SearchEntry,
    first_entry_id,
    is_word_prefix,
    newest_object_id,
    object_id_of,
    oldest_in_ranges,
    published_date,
    read_cursor,
)
from core.text.search_query import SearchQuery, Term
from core.text.tokens import is_cjk
from core.trigram_tables import MIN_SQLITE_VERSION

TABLE = SearchEntry._meta.db_table
WORDS = "search_words"
HEAD = "{title keywords summary}"
EVERYWHERE = "{title keywords summary body}"
LAST_CHARACTER = chr(0x10FFFF)
CREATE = [
    # Texts are stored as tokens, so only the spaces between them count.
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5("
    "languages, title, keywords, summary, body, tokenize='ascii', prefix='2 4')",
    f"CREATE TRIGGER {WORDS}_delete AFTER DELETE ON {TABLE}"  # noqa: S608
    f" BEGIN DELETE FROM {WORDS} WHERE rowid = old.id; END",
]
CREATE_WORD_TABLE = f"CREATE TABLE {WORD_TABLE} (word text NOT NULL PRIMARY KEY) WITHOUT ROWID"
DROP_WORD_TABLE = f"DROP TABLE {WORD_TABLE}"
TRIGRAMS = f"{WORD_TABLE}_trigrams"
DROP_TRIGRAMS = [f"DROP TRIGGER IF EXISTS {TRIGRAMS}_insert", f"DROP TABLE IF EXISTS {TRIGRAMS}"]
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
    texts = (text for row in documents for text in row.texts)
    add_words(cursor, {word for text in texts for word in text.split()})


def add_words(cursor: CursorWrapper, words: Iterable[str]) -> None:
    """Add the words that are new, for `words_with_prefix`."""
    cursor.executemany(
        f"INSERT OR IGNORE INTO {WORD_TABLE} (word) VALUES (%s)",  # noqa: S608
        [(word,) for word in words if not is_cjk(word)],
    )


def trigram_statements() -> list[str]:
    """SQL for the table of `similar_words`, if this version of SQLite can have it."""
    connection: Any = connections["default"]
    if connection.Database.sqlite_version_info < MIN_SQLITE_VERSION:
        return []
    return [
        f"CREATE VIRTUAL TABLE {TRIGRAMS} USING fts5(word, tokenize='trigram', detail=none)",
        f"CREATE TRIGGER {TRIGRAMS}_insert AFTER INSERT ON {WORD_TABLE}"  # noqa: S608
        f" BEGIN INSERT INTO {TRIGRAMS} (word) VALUES (new.word); END",
        f"INSERT INTO {TRIGRAMS} (word) SELECT word FROM {WORD_TABLE}",  # noqa: S608
    ]


def similar_words(word: str) -> list[str]:
    """Words of the index that have many of the trigrams of `word`; none without their table."""
    trigrams = [word[start : start + 3] for start in range(len(word) - 2)]
    with read_cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [TRIGRAMS])
        if not trigrams or not cursor.fetchone():
            return []
        cursor.execute(
            f"SELECT word FROM {TRIGRAMS} WHERE {TRIGRAMS} MATCH %s"  # noqa: S608
            " AND length(word) BETWEEN %s AND %s ORDER BY rank LIMIT %s",
            [
                " OR ".join(f'"{trigram}"' for trigram in trigrams),
                len(word) - MAX_LENGTH_DIFFERENCE,
                len(word) + MAX_LENGTH_DIFFERENCE,
                MAX_SIMILAR_WORDS,
            ],
        )
        return [similar for (similar,) in cursor.fetchall()]


def indexed_words(cursor: CursorWrapper) -> list[str]:
    """All words of the index, also those that are not in the table of words yet."""
    cursor.execute(
        f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', '{WORDS}', 'row')"
    )
    cursor.execute("SELECT term FROM temp.vocabulary")
    words = [word for (word,) in cursor.fetchall()]
    cursor.execute("DROP TABLE temp.vocabulary")
    return words


def words_with_prefix(prefixes: list[str]) -> dict[str, list[str]]:
    """The shortest words of the index that begin with each of `prefixes`."""
    found: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    if not found:
        return found
    each = (
        f"SELECT * FROM (SELECT %s, word FROM {WORD_TABLE}"  # noqa: S608
        " WHERE word >= %s AND word < %s ORDER BY length(word), word LIMIT %s)"
    )
    limits = [(p, p, p + LAST_CHARACTER, MAX_WORDS_PER_PREFIX) for p in found]
    with read_cursor() as cursor:
        cursor.execute(" UNION ALL ".join([each] * len(found)), list(chain(*limits)))
        for prefix, word in cursor.fetchall():
            found[prefix].append(word)
    return found


def candidates(kind: Kind, terms: "Terms", language: str) -> list[Candidate]:
    """The newest entries with the words anywhere, and the next with them in HEAD."""
    wanted, unwanted = terms.wanted, terms.unwanted
    languages = _languages([language])

    def match(columns: str) -> str:
        found = f"(languages : {languages} AND {columns} : ({wanted}))"
        return f"{found} NOT {EVERYWHERE} : ({unwanted})" if unwanted else found

    found = _newest_published(kind, match(EVERYWHERE), first_entry_id(kind), _end(kind))
    if len(found) < MAX_CANDIDATES:  # as nothing was left out, it includes those in HEAD
        return found
    last = found[-1].object_id
    oldest = oldest_in_ranges(newest_object_id(kind), last)
    start, end = first_entry_id(kind, oldest), first_entry_id(kind, last)
    return found + _newest_published(kind, match(HEAD), start, end)


def _newest_published(kind: Kind, match: str, start: int, end: int) -> list[Candidate]:
    """The newest matching entries from the ID `start` to before `end` with published objects.

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
            [*params, match, start, end, *params, MAX_CANDIDATES],
        )
        return [
            Candidate(object_id, title, keywords, summary, date and date.replace(tzinfo=UTC))
            for object_id, title, keywords, summary, date in cursor.fetchall()
        ]


def matching_objects(kind: Kind, query: SearchQuery, limit: int) -> set[int]:
    """The newest objects with the words in any language, published or not."""
    wanted, unwanted = _expressions(query)
    match = f"{EVERYWHERE} : ({wanted})"
    if unwanted:
        match += f" NOT {EVERYWHERE} : ({unwanted})"
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


class Terms:
    """The terms of a query, as FTS5 expressions."""

    def __init__(self, query: SearchQuery) -> None:
        self.wanted, self.unwanted = _expressions(query)


def _expressions(query: SearchQuery) -> tuple[str, str]:
    """FTS5 expressions for all terms of a query, and for any excluded one (empty for none)."""
    sequences = [each for term in (*query.terms, *query.excluded) for each in term.sequences()]
    prefixes = [term.tokens[-1] for term in sequences if is_word_prefix(term)]
    words = words_with_prefix(prefixes)

    def match(term: Term) -> str:
        return f"({' OR '.join(dict.fromkeys(map(match_spelling, term.spellings)))})"

    def match_spelling(spelling: Term) -> str:
        phrases = " OR ".join(dict.fromkeys(_phrases(spelling, words)))
        return (
            " AND ".join([f"({phrases})", *map(match, spelling.also)]) if spelling.also else phrases
        )

    return " AND ".join(map(match, query.terms)), " OR ".join(map(match, query.excluded))


def _phrases(term: Term, words: dict[str, list[str]]) -> Iterator[str]:
    """The phrases that match `term`: the one that was typed first."""
    *head, last = term.tokens
    if not is_word_prefix(term):
        yield f'"{" ".join(term.tokens)}"' + (" *" if term.prefix else "")
        return
    for word in (last, *words[last]):
        yield f'"{" ".join([*head, word])}"'
