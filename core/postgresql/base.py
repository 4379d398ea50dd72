"""The part of the backend that differs from Django's."""

from collections import defaultdict
from typing import Any, ClassVar
from weakref import WeakSet

from django.db.backends.postgresql import base

from core.outages import Outage
from core.time_limits import time_left

LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
MAX_LOCK_WAIT = 60_000  # milliseconds, in what has a time limit


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that fails at once if the server did not respond a moment ago.

    Within a time limit the server ends a statement, or an idle transaction, at its end.
    """

    _outages: ClassVar[defaultdict[str, Outage]] = defaultdict(Outage)  # by alias
    _limited: ClassVar[WeakSet[Any]] = WeakSet()  # psycopg's connections

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        with self._outages[self.alias]:
            return super().get_new_connection(conn_params)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        left = time_left()
        if left is not None:
            self._limited.add(self.connection)
            self._set_limits(max(int(left * 1000), 1))  # 0 would be no limit
        elif self.connection in self._limited:  # it was in the pool
            self._limited.discard(self.connection)
            self._execute(";".join(f"RESET {name}" for name in LIMITS))

    def _set_limits(self, milliseconds: int) -> None:
        limits = dict.fromkeys(LIMITS, milliseconds)
        limits["lock_timeout"] = min(milliseconds, MAX_LOCK_WAIT)
        self._execute(";".join(f"SET {name} = {limit}" for name, limit in limits.items()))

    def _execute(self, sql: str) -> None:
        with self.wrap_database_errors:
            self.connection.execute(sql)
