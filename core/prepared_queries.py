"""Statements that are built and compiled once, and then only executed with other values.

Django takes longer to build and compile the queries of a page than a database to answer them, and
PostgreSQL longer to plan them than to find the rows.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from copy import copy
from functools import cache
from typing import Any, Generic, TypeVar, overload

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import AutoField, Expression, Field, Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import get_language

RowT = TypeVar("RowT")
Arguments = dict[str, Any]
Limits = tuple[int, Any] | None  # start and stop, which may be None
MAX_STATEMENTS = 50  # of a query, each of which takes some ten kilobytes


class Parameter(Expression):
    """Stands for a value of a prepared query, or for one element of a list."""

    def __init__(self, name: str, output_field: Field, position: int | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name, self.position = name, position

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def adapt(self, arguments: Arguments, connection: Any) -> Any:
        """The value as the database expects it."""
        value = arguments[self.name]
        if self.position is not None:
            value = value[self.position]
        return self.output_field.get_db_prep_value(value, connection)


class PreparedQuery(Generic[RowT]):
    """A function that returns a queryset, which is called once for each SQL it results in.

    `fields` say which of its arguments are values: instead of them it gets expressions, or a list
    of expressions for a list. The SQL may depend on whether a value is None, on the length of a
    list, on the other arguments, and on the active language.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, RowT]], fields: dict[str, Field]) -> None:
        self.build = build
        self._fields = fields
        self._statements: dict[Hashable, _Statement] = {}

    def __call__(self, **arguments: Any) -> "PreparedRows[RowT]":
        return PreparedRows(self, arguments)

    def statement(self, arguments: Arguments, *, keys_only: bool = False) -> "_Statement":
        """The compiled queryset, or that of its primary keys in any order."""
        shape = tuple((name, self._shape(name, value)) for name, value in arguments.items())
        key = (get_language(), keys_only, shape)
        if (statement := self._statements.get(key)) is None:
            if len(self._statements) >= MAX_STATEMENTS:
                self._statements.clear()
            placed = {name: self._place(name, value) for name, value in arguments.items()}
            queryset: QuerySet = self.build(**placed)
            if keys_only:
                queryset = queryset.order_by().values("pk")
            statement = self._statements[key] = _Statement(queryset)
        return statement

    def _shape(self, name: str, value: Any) -> Hashable:
        if name not in self._fields:
            return value
        if isinstance(value, list):
            return len(value)
        return None if value is None else "value"

    def _place(self, name: str, value: Any) -> Any:
        field = self._fields.get(name)
        if field is None or value is None:
            return value
        if isinstance(value, list):
            return [Parameter(name, field, position) for position in range(len(value))]
        return Parameter(name, field)


def prepared(
    **fields: Field,
) -> Callable[[Callable[..., QuerySet[Any, RowT]]], PreparedQuery[RowT]]:
    """Make a `PreparedQuery` of a function; call it by keywords.

    @prepared(slug=models.SlugField())
    def article_with_slug(slug):
        return Article.objects.filter(slug=slug)
    """
    return lambda build: PreparedQuery(build, fields)


class PreparedRows(Sequence[RowT]):
    """The rows of a prepared query, which are read when they are first used."""

    def __init__(
        self,
        query: PreparedQuery[RowT],
        arguments: Arguments,
        limits: Limits = None,
    ) -> None:
        self._query = query
        self._arguments = arguments
        self._limits = limits

    @cached_property  # not that of Python 3.11, where one thread at a time computes it
    def _rows(self) -> list[RowT]:
        return self._query.statement(self._arguments).read_rows(self._arguments, self._limits)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[RowT]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> RowT: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RowT]: ...
    def __getitem__(self, index: int | slice) -> RowT | Sequence[RowT]:
        """A row, or a part of the rows, which is read by itself unless all have been read.

        A queryset that is limited already has no parts.
        """
        if isinstance(index, int) or self._limits or "_rows" in self.__dict__:
            return self._rows[index]
        if index.step or min(index.start or 0, index.stop or 0) < 0:
            raise ValueError("Parts have no steps, and are counted from the first row.")
        if index.stop is not None and index.stop <= (index.start or 0):
            return []
        return PreparedRows(self._query, self._arguments, (index.start or 0, index.stop))

    def first(self) -> RowT | None:
        """The first row; None if there is none."""
        return next(iter(self[:1]), None)

    def count_up_to(self, limit: int) -> int:
        """The number of rows, or `limit` if there are more."""
        statement = self._query.statement(self._arguments, keys_only=True)
        return statement.count(self._arguments, limit)

    @property
    def queryset(self) -> QuerySet[Any, RowT]:
        """An ordinary queryset of the rows, to change it."""
        return self._query.build(**self._arguments)


class _Statement:
    """The SQL of a queryset, with a place for each value."""

    def __init__(self, queryset: QuerySet) -> None:
        self._queryset = queryset
        self._compiler = compiler = queryset.query.get_compiler(queryset.db)
        try:
            self._sql, self._parameters = compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._parameters = "", ()
            return
        selected = [column for column, *_ in compiler.select]
        converters = compiler.get_converters(selected)
        self._converted = [
            column if position in converters else None for position, column in enumerate(selected)
        ]
        compiler.connection = None  # the one of this thread, which may end

    def read_rows(self, arguments: Arguments, limits: Limits) -> list[Any]:
        """The rows as the queryset would return them, with what it prefetches."""
        if not self._sql:
            return []
        using = self._queryset.db
        compiler: Any = copy(self._compiler)
        compiler.using, compiler.connection = using, connections[using]
        compiler.execute_sql = lambda *args, **kwargs: [self._fetch(arguments, limits, using)]
        get_converters = compiler.get_converters
        compiler.get_converters = lambda _expressions: get_converters(self._converted)
        query: Any = copy(self._queryset.query)
        query.get_compiler = lambda *args, **kwargs: compiler
        rows = object.__new__(type(self._queryset))
        rows.__dict__.update(self._queryset.__dict__, _query=query, _db=using)
        return list(rows)

    def _fetch(self, arguments: Arguments, limits: Limits, using: str) -> list[Any]:
        sql = self._limited_sql(limits, using)
        with _open_cursor(connections[using]) as cursor:
            cursor.execute(sql, self._values(arguments, using))
            return cursor.fetchall()

    def count(self, arguments: Arguments, limit: int) -> int:
        if not self._sql:
            return 0
        using = self._queryset.db
        keys = self._limited_sql((0, limit), using)
        count = f"SELECT COUNT(*) FROM ({keys}) AS found"  # noqa: S608
        with _open_cursor(connections[using]) as cursor:
            cursor.execute(count, self._values(arguments, using))
            return cursor.fetchone()[0]

    def _limited_sql(self, limits: Limits, using: str) -> str:
        if limits is None:
            return self._sql
        if self._queryset.query.is_sliced:
            raise TypeError("The queryset is limited already.")
        return f"{self._sql} {connections[using].ops.limit_offset_sql(*limits)}"

    def _values(self, arguments: Arguments, using: str) -> tuple[Any, ...]:
        connection = connections[using]
        return tuple(
            each.adapt(arguments, connection) if isinstance(each, Parameter) else each
            for each in self._parameters
        )


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert new rows of one model with one statement, and set their primary keys.

    Like `bulk_create`, it calls no `save` and sends no signals. Fields with a default of the
    database need another one of their own.
    """
    if not rows:
        return
    model = type(rows[0])
    using = router.db_for_write(model)
    connection = connections[using]
    sql, fields = _insert_statement(model, len(rows), using)
    values: list[Any] = []
    for row in rows:
        for field in fields:
            if field.is_relation and getattr(row, field.attname) is None:
                # The other row was saved since it was set.
                setattr(row, field.attname, getattr(getattr(row, field.name), "pk", None))
            values.append(field.get_db_prep_save(field.pre_save(row, add=True), connection))
    with _open_cursor(connection) as cursor:
        cursor.execute(sql, values)
        keys = cursor.fetchall()
    for row, (pk,) in zip(rows, keys, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, using


@cache
def _insert_statement(model: type[Model], count: int, using: str) -> tuple[str, list[Any]]:
    """The SQL that inserts `count` rows, and the fields whose values it needs for each."""
    quote = connections[using].ops.quote_name
    options: Any = model._meta
    fields = [field for field in options.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(quote(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = (
        f"INSERT INTO {quote(options.db_table)} ({columns})"  # noqa: S608
        f" VALUES {', '.join([row] * count)} RETURNING {quote(options.pk.column)}"
    )
    return sql, fields


def _open_cursor(connection: Any) -> Any:
    """A cursor of Django; on PostgreSQL one that sends a statement apart from its values.

    Statements that are repeated are thus planned once for each connection: `prepare_threshold`.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    psycopg_connection = connection.connection
    usual = psycopg_connection.cursor_factory
    psycopg_connection.cursor_factory = connection.Database.Cursor
    try:
        return connection.cursor()
    finally:
        psycopg_connection.cursor_factory = usual
