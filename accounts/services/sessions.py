"""The sessions of an account: listed, and ended at once."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Session
from accounts.models.session import MAX_LISTED
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


def get_sessions(user: User) -> list[Session]:
    """The sessions in which `user` is logged in, at most MAX_LISTED of them."""
    sessions = Session.objects.of(user)[:MAX_LISTED]
    return [session for session in sessions if session.is_valid_for(user)]


def find_session(user: User, public_id: str) -> Session | None:
    """The session of `user` with this id; None if it has ended or is not theirs."""
    sessions = Session.objects.of(user)[:MAX_LISTED]
    return next((session for session in sessions if session.public_id == public_id), None)


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """Log `by` out of one session."""
    session.delete()
    log_action(StaffAction.Kind.ACCOUNT, by, by=by, message=_("Ended a session."))


@transaction.atomic
def end_all_sessions(user: User, *, by: User) -> None:
    """Log `user` out everywhere, at once."""
    Session.objects.filter(user=user).delete()
    log_action(StaffAction.Kind.ACCOUNT, user, by=by, message=_("Ended all sessions."))


def end_other_sessions(user: User, current: str | None) -> int:
    """Log `user` out of all sessions but that with the key `current`; returns their number."""
    others = Session.objects.filter(user=user).exclude(session_key=current or "")
    count, _rows = others.delete()
    if count:
        message = _("Ended all other sessions.")
        log_action(StaffAction.Kind.ACCOUNT, user, by=user, message=message)
    return int(count)
