"""A log-in whose password was right and whose code is still to come, stored in the session.

Until the code has arrived, nobody is logged in: the request is anonymous on every page.
"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

SESSION_KEY = "pending_log_in"
LIFETIME = timedelta(minutes=10)


def begin(request: HttpRequest, user: User, next_url: str) -> None:
    """Remember the user whose password was right; the session gets a new key."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = {
        "user": user.pk,
        "backend": user.backend,  # set by `authenticate`
        "password": user.get_session_auth_hash(),
        "began_at": timezone.now().timestamp(),
        "next": next_url,
    }


def find_user(request: HttpRequest) -> User | None:
    """The user whose code is asked for, ready for `login`.

    None if there is none, too much time has passed, or the password was changed in the meantime.
    """
    pending = request.session.get(SESSION_KEY)
    if not pending:
        return None
    age = timezone.now().timestamp() - pending["began_at"]
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    if (
        user is None
        or not 0 <= age <= LIFETIME.total_seconds()
        or not constant_time_compare(pending["password"], user.get_session_auth_hash())
    ):
        del request.session[SESSION_KEY]
        return None
    user.backend = pending["backend"]
    return user


def end(request: HttpRequest) -> str:
    """Forget it; returns the URL that the user wanted to open."""
    return str(request.session.pop(SESSION_KEY)["next"])
