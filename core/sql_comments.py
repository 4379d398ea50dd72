"""The id of a request in its SQL, for `pg_stat_activity` and the log of slow statements."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from django.db import connections


@contextmanager
def request_id_in_sql(request_id: str) -> Iterator[None]:
    """Add a comment with the id to the statements of this thread on PostgreSQL.

    Prepared statements stay as they are: the server knows them by their text.
    """
    add_comment = partial(_add_comment, f" /* request_id={request_id} */")
    with ExitStack() as stack:
        for connection in connections.all():
            if connection.vendor == "postgresql":
                stack.enter_context(connection.execute_wrapper(add_comment))
        yield


def _add_comment(
    comment: str, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    cursor = context["cursor"].cursor
    if not hasattr(cursor, "mogrify"):  # it may prepare the statement, as core/prepared_queries.py
        return execute(sql, params, many, context)
    if params is not None and not many:
        # Before the comment, since psycopg remembers how it has parsed a statement.
        sql, params = cursor.mogrify(sql, params), None
    return execute(sql + comment, params, many, context)
