"""The part of the backend that differs from Django's."""

from collections import defaultdict
from typing import Any, ClassVar

from django.db.backends.postgresql import base

from core.outages import Outage


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that fails at once if the server did not respond a moment ago."""

    _outages: ClassVar[defaultdict[str, Outage]] = defaultdict(Outage)  # by alias

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        with self._outages[self.alias]:
            return super().get_new_connection(conn_params)
