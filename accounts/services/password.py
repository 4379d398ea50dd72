"""The password of somebody who is logged in, asked for once more before something critical."""

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from core.http import logged_in_user
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


@sensitive_variables("password")
def confirm_password(request: HttpRequest, password: str) -> bool:
    """Whether this is the password of the user of the request.

    Wrong ones are limited and logged like failed log-ins: AxesMiddleware responds with 429 from the
    fifth on.
    """
    user = logged_in_user(request)
    if authenticate(request, username=user.get_username(), password=password) == user:
        return True
    if not getattr(request, "axes_locked_out", False):
        message = gettext_noop("Wrong password on a page that asks for it again.")
        log_action(StaffAction.Kind.LOG_IN_FAILED, user, by=user, message=message)
    return False
