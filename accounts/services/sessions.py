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


def end_session(user: User, public_id: str) -> bool:
    """Log `user` out of one session; returns whether there was such a session of `user`."""
    for session in Session.objects.of(user)[:MAX_LISTED]:
        if session.public_id == public_id:
            session.delete()
            log_action(StaffAction.Kind.ACCOUNT, user, by=user, message=_("Ended a session."))
            return True
    return False


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
