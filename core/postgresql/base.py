"""The part of the backend that differs from Django's."""

from collections import defaultdict
from typing import Any, ClassVar

from django.db.backends.postgresql import base

from core.outages import Outage
from core.time_limits import time_left

MAX_LOCK_WAIT = 60_000  # milliseconds, in what has a time limit


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that fails at once if the server did not respond a moment ago.

    Within a time limit the server ends a statement, or an idle transaction, at its end.
    """

    _outages: ClassVar[defaultdict[str, Outage]] = defaultdict(Outage)  # by alias

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        with self._outages[self.alias]:
            return super().get_new_connection(conn_params)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        left = time_left()
        if left is None:
            return
        milliseconds = max(int(left * 1000), 1)  # 0 would be no limit
        # They stay when the connection is back in the pool, whose other users have limits too.
        with self.wrap_database_errors:
            self.connection.execute(
                f"SET statement_timeout = {milliseconds};"
                f"SET lock_timeout = {min(milliseconds, MAX_LOCK_WAIT)};"
                f"SET idle_in_transaction_session_timeout = {milliseconds}"
            )
