"""The index on PostgreSQL: two `tsvector` columns with GIN indexes.

`head` contains title, keywords and summary; `words` contains those and the body. A GIN index cannot
return the newest matches first, and a common word may be in a million entries. Therefore objects
are grouped in blocks by their ID, and each vector also contains its blocks as lexemes. A search
reads the newest blocks first, then larger and larger ones, until it has enough results. So every
step reads few entries, for rare words and for common ones.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, F, Max, QuerySet
from django.db.models.expressions import RawSQL

from core.search.documents import Document
from core.search.kinds import Kind
from core.search.models import (
    MAX_CANDIDATES,
    Candidate,
    SearchEntry,
    entries_of,
    first_entry_id,
    object_id_of,
    published_entries,
    read_cursor,
)
from core.text.search_query import SearchQuery, Term
from core.text.tokens import is_cjk

# A block of size n has 2**n objects; each step of a search reads the last two blocks of a size.
BLOCK_SIZES = (10, 13, 16, 19)

# The limits of a tsvector: the highest position, and the positions of one lexeme.
MAX_POSITION = 16383
MAX_POSITIONS = 255

# A prefix matches at most this many words that begin with it: the shortest ones.
MAX_WORDS_PER_PREFIX = 50

TABLE = SearchEntry._meta.db_table
WORDS = "search_word"
# Empty by default, because fixtures do not contain these columns.
CREATE = [
    f"ALTER TABLE {TABLE} ADD COLUMN {column} tsvector NOT NULL DEFAULT ''"
    for column in ("head", "words")
]
CREATE += [
    f'CREATE TABLE {WORDS} (word text COLLATE "C" NOT NULL)',
    f"CREATE INDEX {WORDS}_word ON {WORDS} (word)",
]
# GIN first adds entries to an unsorted list. Every search reads that list, so it must be short.
CREATE_INDEXES = [
    f"CREATE INDEX {TABLE}_{column} ON {TABLE} USING gin ({column}) "
    "WITH (gin_pending_list_limit = 512)"
    for column in ("head", "words")
]
DROP = [
    f"DROP TABLE {WORDS}",
    f"ALTER TABLE {TABLE} DROP COLUMN head, DROP COLUMN words",
]


def insert(cursor: CursorWrapper, documents: list[Document]) -> None:
    """Write the entries of `documents`."""
    columns = "id, object_id, title, keywords, summary, head, words"
    with cursor.copy(f"COPY {TABLE} ({columns}) FROM STDIN") as copy:
        for document in documents:
            heads = document.texts[:3]
            head, words = _vector(document, heads), _vector(document, document.texts)
            copy.write_row([document.id, document.object_id, *heads, head, words])
    _insert_words(cursor, documents)


def _insert_words(cursor: CursorWrapper, documents: list[Document]) -> None:
    """Add the words that are new, for `_words_with_prefix`.

    Two writers may add the same word, which is harmless; with a unique index one would have to wait
    for the other.
    """
    words = {
        word
        for document in documents
        for text in document.texts
        for word in text.split()
        if not is_cjk(word)
    }
    cursor.execute(
        f"INSERT INTO {WORDS} SELECT new FROM unnest(%s::text[]) AS new"  # noqa: S608
        f" WHERE NOT EXISTS (SELECT FROM {WORDS} WHERE word = new)",
        [list(words)],
    )


def _words_with_prefix(prefixes: list[str]) -> dict[str, list[str]]:
    """The shortest words of the index that begin with each of `prefixes`.

    GIN can match prefixes itself, but then reads every entry of every such word.
    """
    found: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    with read_cursor() as cursor:
        cursor.execute(
            "SELECT prefix, word FROM unnest(%s::text[]) AS prefix, LATERAL ("  # noqa: S608
            f"SELECT DISTINCT length(word), word FROM {WORDS}"
            " WHERE word >= prefix AND word < prefix || chr(1114111)"
            " ORDER BY length(word), word LIMIT %s) AS words",
            [prefixes, MAX_WORDS_PER_PREFIX],
        )
        for prefix, word in cursor.fetchall():
            found[prefix].append(word)
    return found


def _vector(document: Document, texts: Iterable[str]) -> str:
    """The `tsvector` of `texts`, with the document's languages, kind and blocks as lexemes."""
    positions: dict[str, list[int]] = {}
    position = 0
    for text in texts:
        position += 1  # a phrase does not reach from one text into the next
        for token in text.split():
            position += 1
            # A CJK character is also found by itself, where it begins a pair.
            for lexeme in {token, token[0]} if is_cjk(token) else {token}:
                positions.setdefault(lexeme, []).append(position)
    kind = document.kind_number
    lexemes = [f"'{token}':{_places(found)}" for token, found in positions.items()]
    lexemes += [_language(language) for language in document.languages]
    lexemes += [_block(kind, document.object_id >> size, size) for size in BLOCK_SIZES]
    return " ".join([*lexemes, _kind(kind)])


def _places(positions: list[int]) -> str:
    """Positions as a tsvector holds them."""
    return ",".join([str(min(position, MAX_POSITION)) for position in positions[:MAX_POSITIONS]])


def _language(language: str) -> str:
    return f"'={language}'"  # no word has an equals sign


def _kind(kind_number: int) -> str:
    return f"'={kind_number}'"


def _block(kind_number: int, number: int, size: int) -> str:
    return f"'={kind_number}={size}={number}'"


def candidates(kind: Kind, query: SearchQuery, language: str) -> set[Candidate]:
    """The newest entries with the words in `head`, and the newest with them anywhere."""
    wanted, unwanted = _conditions(query)
    wanted = f"{_language(language)} & {wanted}"
    heads = words = published_entries(kind)
    if unwanted:
        heads = heads.exclude(_matches("words", unwanted))
        wanted_anywhere = f"{wanted} & !({unwanted})"
    else:
        wanted_anywhere = wanted
    newest = _newest_object_id(kind)
    fields = Candidate._fields
    in_head = _newest_matches(kind, heads, "head", wanted, newest, fields, MAX_CANDIDATES)
    anywhere = _newest_matches(
        kind, words, "words", wanted_anywhere, newest, fields, MAX_CANDIDATES
    )
    return {Candidate(*row) for rows in (in_head, anywhere) for row in rows}


def matching_objects(kind: Kind, query: SearchQuery, limit: int) -> set[int]:
    """The newest objects with the words in any language, published or not."""
    wanted, unwanted = _conditions(query)
    if unwanted:
        wanted = f"{wanted} & !({unwanted})"
    newest = _newest_object_id(kind)
    rows = _newest_matches(kind, entries_of(kind), "words", wanted, newest, ["object_id"], limit)
    return {object_id for (object_id,) in rows}


def _conditions(query: SearchQuery) -> tuple[str, str]:
    """A `tsquery` for all terms of `query`, and one for any of the excluded terms."""
    given = (*query.terms, *query.excluded)
    terms = [spelling for term in given for spelling in term.spellings]
    words_by_prefix = _words_with_prefix([term.tokens[-1] for term in terms if _is_prefix(term)])
    return (
        " & ".join(_tsquery(term, words_by_prefix) for term in query.terms),
        " | ".join(_tsquery(term, words_by_prefix) for term in query.excluded),
    )


def _newest_object_id(kind: Kind) -> int:
    newest = entries_of(kind).aggregate(newest=Max("pk"))["newest"]
    return object_id_of(kind, newest) if newest else 0


def _newest_matches(
    kind: Kind,
    entries: QuerySet[SearchEntry, Any],
    column: str,
    wanted: str,
    newest: int,
    fields: Iterable[str],
    limit: int,
) -> QuerySet[SearchEntry, Any]:
    """The newest matching entries: a query with one step after the other.

    PostgreSQL runs the parts of a UNION ALL in order, and stops once the limit is reached.
    """
    steps = []
    end = newest + 1
    for size in BLOCK_SIZES:
        last = newest >> size
        first = max(last - 1, 0)
        blocks = f"({_block(kind.number, last, size)} | {_block(kind.number, first, size)})"
        steps.append(
            entries.filter(
                _matches(column, f"{blocks} & {wanted}"),
                pk__gte=first_entry_id(kind, first << size),
                pk__lt=first_entry_id(kind, end),
            )
        )
        end = first << size
        if not end:
            break
    else:
        oldest = _matches(column, f"{_kind(kind.number)} & {wanted}")
        steps.append(entries.filter(oldest, pk__lt=first_entry_id(kind, end)))
    # `+ 0` prevents PostgreSQL from reading the whole table in this order.
    parts = [step.order_by((F("pk") + 0).desc()).values_list(*fields)[:limit] for step in steps]
    return parts[0].union(*parts[1:], all=True)[:limit]


def _matches(column: str, tsquery: str) -> RawSQL:
    return RawSQL(f"{TABLE}.{column} @@ %s::tsquery", [tsquery], BooleanField())  # noqa: S611


def _is_prefix(term: Term) -> bool:
    """Whether `term` also matches longer words; a CJK character has its own lexeme."""
    return term.prefix and not is_cjk(term.tokens[-1])


def _tsquery(term: Term, words_by_prefix: dict[str, list[str]]) -> str:
    """A `tsquery` for any spelling of `term`."""
    return "(" + " | ".join(_phrase(each, words_by_prefix) for each in term.spellings) + ")"


def _phrase(term: Term, words_by_prefix: dict[str, list[str]]) -> str:
    *head, last = [f"'{token}'" for token in term.tokens]
    if _is_prefix(term):
        last = " | ".join([last, *(f"'{word}'" for word in words_by_prefix[term.tokens[-1]])])
    return "(" + " <-> ".join([*head, f"({last})"]) + ")"
