"""Regular work on accounts."""

from datetime import timedelta

from accounts.models import Session
from accounts.services.password_reset import answer_password_reset_requests
from core.worker.schedule import every


@every(days=1, limit=timedelta(hours=1))
def delete_expired_sessions() -> None:
    """Delete the sessions that have expired, which Django leaves in the database."""
    Session.get_session_store_class().clear_expired()


every(seconds=5)(answer_password_reset_requests)
