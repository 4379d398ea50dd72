"""The index on PostgreSQL: two `tsvector` columns in one GIN index.

`head` contains title, keywords and summary; `words` contains those and the body. A GIN index cannot
return the newest matches first, and a common word may be in a million entries. Therefore objects
are grouped in blocks by their ID, and each vector also contains its blocks as lexemes. A search
reads the newest blocks first, then larger and larger ones, until it has enough results. So every
step reads few entries, for rare words and for common ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import ProgrammingError, transaction
from django.db.backends.utils import CursorWrapper

from core.search.documents import Document
from core.search.kinds import Kind
from core.search.models import (
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
    oldest_in_ranges,
    published_date,
    read_cursor,
    read_database,
)
from core.text.search_query import SearchQuery, Term
from core.text.tokens import is_cjk

# A block of size n has 2**n objects; a search reads the last two blocks of a size, then six.
BLOCK_SIZES = (10, 13, 16, 19)
BLOCKS_PER_STEP = (2, 6)

# The index does not know the order of words: a phrase is looked for in this many of the newest
# entries with all of its words.
MAX_PHRASE_CHECKS = 5000
NO_LIMIT = 2**31

# The limits of a tsvector: the highest position, and the positions of one lexeme.
MAX_POSITION = 16383
MAX_POSITIONS = 255

TABLE = SearchEntry._meta.db_table
# Empty by default, because fixtures do not contain these columns.
CREATE = [
    f"ALTER TABLE {TABLE} ADD COLUMN {column} tsvector NOT NULL DEFAULT ''"
    for column in ("head", "words")
]
CREATE += [
    f'CREATE TABLE {WORD_TABLE} (word text COLLATE "C" NOT NULL)',
    f"CREATE INDEX {WORD_TABLE}_word ON {WORD_TABLE} (word)",
]
# A query that excludes words has conditions on both columns, and one index answers both at once.
# GIN first adds entries to an unsorted list. Every search reads that list, so it must be short.
CREATE_INDEXES = [
    f"CREATE INDEX {TABLE}_texts ON {TABLE} USING gin (head, words)"
    " WITH (gin_pending_list_limit = 512)"
]
DROP = [
    f"DROP TABLE {WORD_TABLE}",
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
    """Add the words that are new, for `words_with_prefix`.

    Two writers may add the same word, which is harmless; with a unique index one would have to wait
    for the other.
    """
    words: set[str] = set()
    for document in documents:
        for text in document.texts:
            words.update(text.split())
    cursor.execute(
        f"INSERT INTO {WORD_TABLE} SELECT new FROM unnest(%s::text[]) AS new"  # noqa: S608
        f" WHERE NOT EXISTS (SELECT FROM {WORD_TABLE} WHERE word = new)",
        [[word for word in words if not is_cjk(word)]],
    )


def words_with_prefix(prefixes: list[str]) -> dict[str, list[str]]:
    """The shortest words of the index that begin with each of `prefixes`.

    GIN can match prefixes itself, but then reads every entry of every such word.
    """
    found: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    with read_cursor() as cursor:
        cursor.execute(
            "SELECT prefix, word FROM unnest(%s::text[]) AS prefix, LATERAL ("  # noqa: S608
            f"SELECT DISTINCT length(word), word FROM {WORD_TABLE}"
            " WHERE word >= prefix AND word < prefix || chr(1114111)"
            " ORDER BY length(word), word LIMIT %s) AS words",
            [prefixes, MAX_WORDS_PER_PREFIX],
        )
        for prefix, word in cursor.fetchall():
            found[prefix].append(word)
    return found


def similar_words(word: str) -> list[str]:
    """Words of the index that have many of the trigrams of `word`; none without pg_trgm."""
    try:
        with transaction.atomic(using=read_database()), read_cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT word, similarity(word, %s) AS share FROM {WORD_TABLE}"  # noqa: S608
                " WHERE word %% %s AND length(word) BETWEEN %s AND %s"
                " ORDER BY share DESC LIMIT %s",
                [
                    word,
                    word,
                    len(word) - MAX_LENGTH_DIFFERENCE,
                    len(word) + MAX_LENGTH_DIFFERENCE,
                    MAX_SIMILAR_WORDS,
                ],
            )
            return [similar for similar, _share in cursor.fetchall()]
    except ProgrammingError:
        return []


def _vector(document: Document, texts: Iterable[str]) -> str:
    """The `tsvector` of `texts`, with the document's languages, kind and blocks as lexemes."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    position = 0
    for text in texts:
        position += 1  # a phrase does not reach from one text into the next
        for token in text.split():
            position += 1
            positions[token].append(position)
            # A CJK character is also found by itself, where it begins a pair.
            if len(token) > 1 and is_cjk(token):
                positions[token[0]].append(position)
    kind = document.kind_number
    lexemes = [f"'{token}':{_places(found)}" for token, found in positions.items()]
    lexemes += [_language(language) for language in document.languages]
    lexemes += [_block(kind, document.object_id >> size, size) for size in BLOCK_SIZES]
    return " ".join([*lexemes, _kind(kind)])


def _places(positions: list[int]) -> str:
    """Ascending positions as a tsvector holds them."""
    first = positions[:MAX_POSITIONS]
    if first[-1] > MAX_POSITION:
        first = [min(position, MAX_POSITION) for position in first]
    return ",".join(map(str, first))


def _language(language: str) -> str:
    return f"'={language}'"  # no word has an equals sign


def _kind(kind_number: int) -> str:
    return f"'={kind_number}'"


def _block(kind_number: int, number: int, size: int) -> str:
    return f"'={kind_number}={size}={number}'"


class Match(NamedTuple):
    """A condition on one of the columns."""

    column: str
    tsquery: str


class Conditions(NamedTuple):
    """What an index finds by itself, and what is then checked in each entry: phrases."""

    indexed: list[Match]
    checked: list[Match]


def candidates(kind: Kind, terms: "Terms", language: str) -> set[Candidate]:
    """The newest entries with the words anywhere, and the next with them in `head`."""
    newest = newest_object_id(kind)
    anywhere = terms.conditions("words", language)
    found = _newest_published(kind, anywhere, newest)
    oldest = 0
    if len(found) == MAX_CANDIDATES:
        last = found[-1].object_id
        oldest = oldest_in_ranges(newest, last)
        newest = last - 1
    elif not anywhere.checked:  # as nothing was left out, it includes those in `head`
        return set(found)
    return {*found, *_newest_published(kind, terms.conditions("head", language), newest, oldest)}


def matching_objects(kind: Kind, query: SearchQuery, limit: int) -> set[int]:
    """The newest objects with the words in any language, published or not."""
    conditions = Terms(query).conditions("words")
    entries, params = _newest_first(kind, conditions, newest_object_id(kind), 0)
    with read_cursor() as cursor:
        cursor.execute(f"SELECT object_id {entries} LIMIT %s", [*params, limit])
        return {object_id for (object_id,) in cursor.fetchall()}


class Terms:
    """The terms of a query, as conditions on the columns."""

    def __init__(self, query: SearchQuery) -> None:
        given = (*query.terms, *query.excluded)
        sequences = [sequence for term in given for sequence in term.sequences()]
        prefixes = [term.tokens[-1] for term in sequences if is_word_prefix(term)]
        self.query = query
        self.words_by_prefix = words_with_prefix(prefixes)

    def conditions(self, column: str, language: str = "") -> Conditions:
        """Entries with all terms in `column`, in `language` if given, and none that is excluded."""
        terms, excluded = self.query.terms, self.query.excluded
        in_language = [_language(language)] if language else []
        wanted = " & ".join([*in_language, *(self._tsquery(term, " & ") for term in terms)])
        unwanted = [f"!{self._tsquery(term)}" for term in excluded if not _is_phrase(term)]
        words = " & ".join([wanted, *unwanted])
        indexed = [Match(column, words if column == "words" else wanted)]
        if unwanted and column != "words":
            indexed.append(Match("words", words))
        checked = [Match(column, self._tsquery(term)) for term in terms if _is_phrase(term)]
        checked += [
            Match("words", f"!{self._tsquery(term)}") for term in excluded if _is_phrase(term)
        ]
        return Conditions(indexed, checked)

    def _tsquery(self, term: Term, separator: str = " <-> ") -> str:
        """A `tsquery` for any spelling of `term`."""
        return f"({' | '.join(self._sequence(each, separator) for each in term.spellings)})"

    def _sequence(self, term: Term, separator: str) -> str:
        *head, last = [f"'{token}'" for token in term.tokens]
        if is_word_prefix(term):
            longer = self.words_by_prefix[term.tokens[-1]]
            last = " | ".join([last, *(f"'{word}'" for word in longer)])
        sequence = separator.join([*head, f"({last})"])
        return (
            f"({' & '.join([sequence, *(self._tsquery(each, separator) for each in term.also)])})"
        )


def _newest_published(
    kind: Kind, conditions: Conditions, newest: int, oldest: int = 0
) -> list[Candidate]:
    """The first MAX_CANDIDATES entries of `_newest_first` whose objects are published."""
    entries, params = _newest_first(kind, conditions, newest, oldest)
    row, row_params = published_date(kind)
    with read_cursor() as cursor:
        # Objects are looked up one by one, until there are enough.
        cursor.execute(
            "SELECT object_id, title, keywords, summary, date"
            f" {entries}, LATERAL ({row}) AS published (date) LIMIT %s",
            [*params, *row_params, MAX_CANDIDATES],
        )
        return list(map(Candidate._make, cursor.fetchall()))


def _newest_first(
    kind: Kind, conditions: Conditions, newest: int, oldest: int
) -> tuple[str, list[Any]]:
    """SQL for the entries that meet the conditions, one step after the other: `FROM … AS entry`.

    It begins with the object `newest`, and ends with the block of `oldest`. PostgreSQL runs the
    parts of a UNION ALL in order, and stops once it has enough rows. (Without a limit in each part,
    several processes might run them at once.)
    """
    column, tsquery = conditions.indexed[0]
    limit = MAX_PHRASE_CHECKS if conditions.checked else NO_LIMIT
    steps: list[str] = []
    params: list[Any] = []
    for blocks, end in _steps(kind.number, newest, oldest):
        if steps:
            # Blocks are a condition of their own: PostgreSQL then skips entries in which a word is
            # missing, instead of trying each entry of the blocks.
            matches = [Match(column, blocks), *conditions.indexed]
        else:
            matches = [Match(column, f"({blocks}) & {tsquery}"), *conditions.indexed[1:]]
        where, values = _where(matches)
        # `+ 0` prevents PostgreSQL from using the index of IDs.
        steps.append(
            f"(SELECT id, object_id, title, keywords, summary FROM {TABLE}"  # noqa: S608
            f" WHERE {where} AND id + 0 < %s ORDER BY id + 0 DESC LIMIT %s)"
        )
        params += [*values, first_entry_id(kind, end), limit]
    union = " UNION ALL ".join(steps)
    entries = f"(SELECT * FROM ({union}) AS step LIMIT %s) AS entry"  # noqa: S608
    params.append(limit)
    if conditions.checked:
        where, values = _where(conditions.checked)
        check = f"SELECT id FROM {TABLE} WHERE id = entry.id AND {where} LIMIT 1"  # noqa: S608
        entries += f", LATERAL ({check}) AS checked"
        params += values
    return f"FROM {entries}", params


def _where(matches: list[Match]) -> tuple[str, list[str]]:
    """SQL for all of the conditions, with its parameters."""
    sql = " AND ".join(f"{match.column} @@ %s::tsquery" for match in matches)
    return sql, [match.tsquery for match in matches]


def _steps(kind_number: int, newest: int, oldest: int) -> Iterator[tuple[str, int]]:
    """A `tsquery` for the blocks to look in, and the ID of the object before which to look."""
    end = newest + 1
    for size in BLOCK_SIZES:
        last = newest >> size
        for count in BLOCKS_PER_STEP:
            first = max(last - count + 1, oldest >> size)
            blocks = (_block(kind_number, block, size) for block in range(first, last + 1))
            yield " | ".join(blocks), end
            end = first << size
            if end <= oldest:
                return
    yield _kind(kind_number), end


def _is_phrase(term: Term) -> bool:
    """Whether the order of words matters, which the index does not contain."""
    return any(len(sequence.tokens) > 1 for sequence in term.sequences())
