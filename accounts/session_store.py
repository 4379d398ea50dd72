"""Where sessions are stored (SESSION_ENGINE): in the database, with their owner and last use."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import Session
from accounts.models.session import LAST_SEEN_INTERVAL
from core.current_request import current_request
from core.staff_log.services import current_ip


class SessionStore(DatabaseStore):
    """Django's database sessions, whose rows also say whose they are."""

    _row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """The data of the session; empty, and without a key, if it has expired or was ended."""
        now = timezone.now()
        sessions = Session.objects.valid().filter(session_key=self.session_key)
        self._row = row = sessions.first()
        if row is None:
            self._session_key = None
            return {}
        if row.user_id and row.last_seen_at < now - LAST_SEEN_INTERVAL:
            row.last_seen_at = now
            sessions.update(last_seen_at=now)  # no error if it was ended meanwhile
        return self.decode(row.session_data)

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that have expired; nothing else does."""
        Session.objects.expired().delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        known = self._row
        if known and known.user_id == row.user_id:
            for name in ("ip", "user_agent", "began_at", "last_seen_at"):
                setattr(row, name, getattr(known, name))
        elif request := current_request.get():
            row.ip = current_ip()
            row.user_agent = request.headers.get("User-Agent", "")[:300].replace("\0", "")
        self._row = row
        return row
