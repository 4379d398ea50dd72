"""The part of the index that is the same on both databases."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connections, models, router
from django.db.backends.utils import CursorWrapper
from django.db.models import Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from solo.models import SingletonModel

from core.search.kinds import Kind
from core.text.search_query import Term
from core.text.tokens import is_cjk, tokenize

# An entry's ID combines the number of its kind, the ID of its object and its position among that
# object's entries: each kind has a range of IDs, in which entries are sorted by object.
KIND_SHIFT = 56
ENTRIES_PER_OBJECT = 16  # more than there are languages

# If more entries match, only this many of the newest are ranked, and of those before them this many
# of the newest with the words in title, keywords or summary.
MAX_CANDIDATES = 300
# The latter are looked for among this many times as many objects.
MAX_RANGES = 20

# A prefix matches at most this many words that begin with it: the shortest ones.
MAX_WORDS_PER_PREFIX = 50
WORD_TABLE = "search_word"
# Of the words that resemble a mistyped one, so many are compared with it.
MAX_SIMILAR_WORDS = 100
MAX_LENGTH_DIFFERENCE = 2

MIN_SYNONYMS, MAX_SYNONYMS = 2, 20  # in one line
SYNONYM_SEPARATOR = re.compile("[,;\u060c\uff0c\u3001\uff1b|=\n]")

# Raised when the index of the same objects differs, so that the worker rebuilds it.
INDEX_VERSION = 1


def validate_synonyms(words: str) -> None:
    """Raises ValidationError unless there are at least two words that can be searched for."""
    if len(split_synonyms(words)) < MIN_SYNONYMS:
        raise ValidationError(_("Enter at least two words, separated by commas."))


def split_synonyms(words: str) -> list[str]:
    """The words and phrases of a line, each once."""
    parts = (part.strip() for part in SYNONYM_SEPARATOR.split(words))
    return list(dict.fromkeys(part for part in parts if any(tokenize(part))))[:MAX_SYNONYMS]


class SearchEntry(models.Model):
    """The texts of one object in one or more languages, as tokens separated by spaces.

    The migration adds what only one database has: two `tsvector` columns on PostgreSQL, an FTS5
    table on SQLite. Only `index.py` writes entries.
    """

    is_computed = True  # not listed where an article or an inquiry is deleted

    id = models.BigIntegerField(primary_key=True)
    object_id = models.BigIntegerField()
    title = models.TextField()
    keywords = models.TextField()
    summary = models.TextField()

    def __str__(self) -> str:
        return self.title


class IndexedLanguage(SingletonModel):
    """LANGUAGES and the version of the index, when all search texts were last built."""

    code = models.CharField(max_length=10)  # the first one
    languages = models.CharField(max_length=200, db_default="")  # all, separated by commas
    version = models.PositiveSmallIntegerField(db_default=0)

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return self.code


class Synonyms(models.Model):
    """Words that mean the same: a search for one of them finds the others."""

    words = models.CharField(
        _("words"),
        max_length=300,
        unique=True,
        help_text=_("Separated by commas, in any language: crusher, breaker, mill"),
        validators=[validate_synonyms],
    )

    class Meta:
        ordering = ["words"]
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return self.words


class Candidate(NamedTuple):
    object_id: int
    title: str
    keywords: str
    summary: str
    date: datetime | None


def read_database() -> str:
    """The alias of the database that entries are read from."""
    return str(router.db_for_read(SearchEntry))


def read_cursor() -> CursorWrapper:
    """A cursor on the database that entries are read from."""
    return connections[read_database()].cursor()


def first_entry_id(kind: Kind, object_id: int = 0) -> int:
    """The lowest ID that an entry of this object, or of this kind, can have."""
    return (kind.number << KIND_SHIFT) + object_id * ENTRIES_PER_OBJECT


def object_id_of(kind: Kind, entry_id: int) -> int:
    """The ID of the object that an entry of this kind belongs to."""
    return (entry_id - first_entry_id(kind)) // ENTRIES_PER_OBJECT


def entries_of(kind: Kind) -> models.QuerySet[SearchEntry]:
    """The entries of one kind."""
    end = (kind.number + 1) << KIND_SHIFT
    return SearchEntry.objects.filter(pk__gte=first_entry_id(kind), pk__lt=end)


def published_date(kind: Kind) -> tuple[str, tuple[Any, ...]]:
    """SQL for the `date` of the object of a row `entry`, without a row unless it is published.

    A search looks up few objects, so a join, which may read all of them first, would be slower.
    """
    date = kind.date or Value(None, output_field=models.DateTimeField())
    row = kind.published().filter(pk=RawSQL("entry.object_id", [])).order_by()
    return row.values_list(date)[:1].query.sql_with_params()


def newest_object_id(kind: Kind) -> int:
    """The ID of the newest object of this kind that has entries; 0 if there is none."""
    newest = entries_of(kind).aggregate(newest=models.Max("pk"))["newest"]
    return object_id_of(kind, newest) if newest else 0


def oldest_in_ranges(newest: int, last: int) -> int:
    """How far to look back from the object `newest`, when `last` is the last one with the words."""
    return max(newest - (newest - last + 1) * MAX_RANGES, 0)


def is_word_prefix(term: Term) -> bool:
    """Whether `term` also matches longer words; CJK characters are indexed in pairs."""
    return term.prefix and not is_cjk(term.tokens[-1])
