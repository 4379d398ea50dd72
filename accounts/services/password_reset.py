"""A new password for those who forgot theirs, by a link that is sent by e-mail.

Django's own token signs the link: it is valid until PASSWORD_RESET_TIMEOUT has passed, the password
was changed, or the user has logged in.
"""

from datetime import timedelta

from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts.emails import send_password_reset_link
from accounts.models import PasswordResetRequest
from core.absolute_urls import absolute_url
from core.rate_limit import is_over_any_limit
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action

RATE_OF_EMAIL = (3, 3600)  # requests and seconds
RATE_OF_IP = (20, 3600)
BATCH_SIZE = 100
# Without a worker for so long, nobody waits for the e-mail any more.
MAX_AGE = timedelta(hours=1)


def request_password_reset(email: str, ip: str) -> None:
    """Store the request for the worker, unless there are too many for `email` or from `ip`."""
    limits = [
        ("password-reset-ip", ip, RATE_OF_IP),
        ("password-reset-email", email.casefold(), RATE_OF_EMAIL),
    ]
    if not is_over_any_limit(limits):
        language = translation.get_language() or ""
        PasswordResetRequest.objects.create(email=email, language=language)


def answer_password_reset_requests() -> None:
    """Send a link to every active account with a requested e-mail address."""
    while batch := list(PasswordResetRequest.objects.order_by("pk")[:BATCH_SIZE]):
        for request in batch:
            _answer(request)


@transaction.atomic
def _answer(request: PasswordResetRequest) -> None:
    is_taken, _models = PasswordResetRequest.objects.filter(pk=request.pk).delete()
    if not is_taken or request.created_at < timezone.now() - MAX_AGE:
        return
    for user in PasswordResetForm().get_users(request.email):
        if user.is_staff:
            with translation.override(request.language):
                send_password_reset_link(user, _make_link(user))
            message = _("A link for a new password was sent.")
            log_action(StaffAction.Kind.ACCOUNT, user, by=None, message=message)


def _make_link(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return absolute_url(reverse("password_reset_confirm", args=[uid, token]))
