"""The index on PostgreSQL: two `tsvector` columns under GIN.

`head` holds title, tags and summary, `words` those and the text. GIN knows no order, and a common
word is in a million entries; so each vector also says, as a lexeme, in which block of articles it
stands. A search looks at the newest blocks first and at ever larger ones behind them, until it has
enough: each look stays small, for a rare word and for a common one.
"""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, F, Max, QuerySet
from django.db.models.expressions import RawSQL

from core.text.search_query import SearchQuery, Term
from core.text.tokens import is_cjk
from news.search.documents import Document
from news.search.models import (
    ENTRIES_EACH,
    MOST_CANDIDATES,
    Candidate,
    SearchEntry,
    published_entries,
)

# Blocks hold 2 to these powers of articles; a look takes the last two of a size.
BLOCKS = (10, 13, 16, 19)

LAST_POSITION = 16383  # PostgreSQL counts no further
MOST_POSITIONS = 255

# A word's beginning stands for so many words that begin so, the shortest.
MOST_WORDS = 50

TABLE = "news_searchentry"
WORDS = "news_searchword"
# Empty by default, so that rows of a fixture, which knows neither, can be loaded.
CREATE = [
    f"ALTER TABLE {TABLE} ADD COLUMN {column} tsvector NOT NULL DEFAULT ''"
    for column in ("head", "words")
]
CREATE += [
    f'CREATE TABLE {WORDS} (word text COLLATE "C" NOT NULL)',
    f"CREATE INDEX {WORDS}_word ON {WORDS} (word)",
]
# What is written is listed first and sorted in later; a short list keeps searches even.
CREATE_INDEXES = [
    f"CREATE INDEX {TABLE}_{column} ON {TABLE} USING gin ({column}) "
    "WITH (gin_pending_list_limit = 512)"
    for column in ("head", "words")
]
DROP = [
    f"DROP TABLE {WORDS}",
    f"ALTER TABLE {TABLE} DROP COLUMN head, DROP COLUMN words",
]


def write(cursor: CursorWrapper, article_ids: list[int], documents: list[Document]) -> None:
    """Put `documents` in the place of what the index holds of these articles."""
    cursor.execute(f"DELETE FROM {TABLE} WHERE article_id = ANY(%s)", [article_ids])  # noqa: S608
    cursor.executemany(
        f"INSERT INTO {TABLE} (id, article_id, title, tags, summary, head, words)"  # noqa: S608
        " VALUES (%s, %s, %s, %s, %s, %s::tsvector, %s::tsvector)",
        [
            (
                document.id,
                document.article_id,
                document.title,
                document.tags,
                document.summary,
                _vector(document, document.title, document.tags, document.summary),
                _vector(document, document.title, document.tags, document.summary, document.body),
            )
            for document in documents
        ],
    )
    _learn(cursor, documents)


def _learn(cursor: CursorWrapper, documents: list[Document]) -> None:
    """Keep the words that are new, for `_beginning_with`.

    Two writers may keep the same word twice. That does no harm, where a unique index would have
    the one wait for the other.
    """
    words = {
        word
        for document in documents
        for text in (document.title, document.tags, document.summary, document.body)
        for word in text.split()
        if not is_cjk(word)
    }
    cursor.execute(
        f"INSERT INTO {WORDS} SELECT new FROM unnest(%s::text[]) AS new"  # noqa: S608
        f" WHERE NOT EXISTS (SELECT FROM {WORDS} WHERE word = new)",
        [list(words)],
    )


def _beginning_with(beginnings: list[str]) -> dict[str, list[str]]:
    """The shortest words of the index that begin with each of `beginnings`.

    GIN can look for beginnings itself, but then reads all that is kept for every such word, however
    little of it is asked for.
    """
    found: dict[str, list[str]] = {beginning: [] for beginning in beginnings}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT beginning, word FROM unnest(%s::text[]) AS beginning, LATERAL ("  # noqa: S608
            f"SELECT DISTINCT length(word), word FROM {WORDS}"
            " WHERE word >= beginning AND word < beginning || chr(1114111)"
            " ORDER BY length(word), word LIMIT %s) AS words",
            [beginnings, MOST_WORDS],
        )
        for beginning, word in cursor.fetchall():
            found[beginning].append(word)
    return found


def _vector(document: Document, *texts: str) -> str:
    """The `tsvector` of `texts`, with the languages and the blocks that the document is in."""
    positions: dict[str, list[str]] = {}
    at = 0
    for text in texts:
        at += 1  # a phrase does not reach from one text into the next
        for token in text.split():
            at += 1
            # A character is found by itself, too, and stands where it begins a pair.
            for lexeme in {token, token[0]} if is_cjk(token) else {token}:
                places = positions.setdefault(lexeme, [])
                if len(places) < MOST_POSITIONS:
                    places.append(str(min(at, LAST_POSITION)))
    lexemes = [f"'{token}':{','.join(places)}" for token, places in positions.items()]
    lexemes += [_language(language) for language in document.languages]
    lexemes += [_block(document.article_id >> size, size) for size in BLOCKS]
    return " ".join(lexemes)


def _language(language: str) -> str:
    return f"'={language}'"  # no word has such a sign


def _block(number: int, size: int) -> str:
    return f"'={size}={number}'"


def candidates(published: QuerySet[Any], query: SearchQuery, language: str) -> set[Candidate]:
    """The newest entries with the wanted words in their head, then those with them anywhere."""
    newest = SearchEntry.objects.aggregate(newest=Max("article_id"))["newest"] or 0
    terms = (*query.terms, *query.excluded)
    longer = _beginning_with([term.tokens[-1] for term in terms if _goes_on(term)])
    wanted = " & ".join([_language(language), *(_tsquery(term, longer) for term in query.terms)])
    unwanted = " | ".join(_tsquery(term, longer) for term in query.excluded)
    heads = words = published_entries(published)
    if unwanted:
        heads = heads.exclude(_matches("words", unwanted))
        wanted_anywhere = f"{wanted} & !({unwanted})"
    else:
        wanted_anywhere = wanted
    in_head = _newest(heads, "head", wanted, newest)
    anywhere = _newest(words, "words", wanted_anywhere, newest)
    return {Candidate(*row) for rows in (in_head, anywhere) for row in rows}


def _newest(
    entries: QuerySet[SearchEntry], column: str, wanted: str, newest: int
) -> QuerySet[SearchEntry, Any]:
    """The newest matching entries, one look after the other until there are enough.

    PostgreSQL runs the parts of a UNION ALL in their order, and none once the limit is reached.
    """
    looks = []
    above = newest + 1
    for size in BLOCKS:
        last = newest >> size
        first = max(last - 1, 0)
        block = f"({_block(last, size)} | {_block(first, size)})"
        looks.append(
            entries.filter(
                _matches(column, f"{block} & {wanted}"),
                pk__gte=(first << size) * ENTRIES_EACH,
                pk__lt=above * ENTRIES_EACH,
            )
        )
        above = first << size
        if not above:
            break
    else:
        looks.append(entries.filter(_matches(column, wanted), pk__lt=above * ENTRIES_EACH))
    # `+ 0` keeps PostgreSQL from reading the whole table in this order.
    parts = [
        look.order_by((F("pk") + 0).desc()).values_list(*Candidate._fields)[:MOST_CANDIDATES]
        for look in looks
    ]
    return parts[0].union(*parts[1:], all=True)[:MOST_CANDIDATES]


def _matches(column: str, tsquery: str) -> RawSQL:
    return RawSQL(f"{TABLE}.{column} @@ %s::tsquery", [tsquery], BooleanField())  # noqa: S611


def _goes_on(term: Term) -> bool:
    """Whether `term` also stands for longer words; a character has a lexeme to itself."""
    return term.prefix and not is_cjk(term.tokens[-1])


def _tsquery(term: Term, longer: dict[str, list[str]]) -> str:
    *head, last = [f"'{token}'" for token in term.tokens]
    if _goes_on(term):
        last = " | ".join([last, *(f"'{word}'" for word in longer[term.tokens[-1]])])
    return "(" + " <-> ".join([*head, f"({last})"]) + ")"
