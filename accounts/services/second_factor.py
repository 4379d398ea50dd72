"""The second factor: a code of an authenticator app (TOTP, RFC 6238) or a recovery code."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.emails import notify_new_recovery_codes, notify_second_factor_turned_off
from accounts.models import RecoveryCode
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action

RECOVERY_CODE_COUNT = 10
# Without letters and digits that look alike. 4 groups of 6 have 120 bits.
RECOVERY_CODE_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ALL_ROLES = "all"


class WrongCodeError(Exception):
    """The code is wrong, has been used already, or was sent too soon after a wrong one."""


def has_second_factor(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def must_set_up_second_factor(user: User) -> bool:
    """Whether a role of `user` requires a second factor that is not set up yet.

    Superusers have the rights of all roles, so what is required of one role is required of them.
    Takes no query where no role requires one.
    """
    roles = settings.SECOND_FACTOR_REQUIRED
    if not roles or not user.is_active or not user.is_staff:
        return False
    is_required = (
        ALL_ROLES in roles or user.is_superuser or user.groups.filter(name__in=roles).exists()
    )
    return is_required and not has_second_factor(user)


def prepare_second_factor(user: User) -> TOTPDevice:
    """The secret that `user` adds to an authenticator app; it has no effect until confirmed."""
    prepared = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return prepared or TOTPDevice.objects.create(user=user, name=user.username, confirmed=False)


def confirm_second_factor(user: User, code: str) -> list[str]:
    """Turn the second factor on with the first code of the app; returns the recovery codes.

    Raises WrongCodeError.
    """
    with transaction.atomic():
        devices = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
        device = devices.first()
        is_right = device is not None and device.verify_token(_normalize(code))
        if device and is_right:
            TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            _log(user, user, _("Turned the second factor on."))
            return _make_recovery_codes(user)
    raise WrongCodeError


def replace_recovery_codes(user: User, code: str) -> list[str]:
    """New recovery codes in place of all earlier ones, reported to `user` by e-mail.

    Raises WrongCodeError.
    """
    if not check_code(user, code):
        raise WrongCodeError
    with transaction.atomic():
        _log(user, user, _("Made new recovery codes."))
        notify_new_recovery_codes(user)
        return _make_recovery_codes(user)


@transaction.atomic
def check_code(user: User, code: str) -> bool:
    """Whether this is the code of the app or an unused recovery code; either works once.

    After a wrong code of the app, django-otp refuses all for one second, then two, four and so on.
    """
    code = _normalize(code)
    if code.isdecimal() and len(code) < 10:
        devices = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True)
        return any(device.verify_token(code) for device in devices)
    used, _rows = RecoveryCode.objects.filter(
        user=user, digest=RecoveryCode.make_digest(code)
    ).delete()
    return bool(used)


@transaction.atomic
def remove_second_factor(user: User, *, by: User) -> None:
    """Turn the second factor off, and report it to `user` by e-mail.

    Only the password is asked for at log-in.
    """
    _log(user, by, _("Turned the second factor off."))
    notify_second_factor_turned_off(user, by=by)
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


@transaction.atomic
def _make_recovery_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = list(_random_codes())
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=RecoveryCode.make_digest(code)) for code in codes
    )
    return codes


def _log(user: User, by: User, message: Promise) -> None:
    log_action(StaffAction.Kind.ACCOUNT, user, by=by, message=message)


def _random_codes() -> Iterator[str]:
    for _number in range(RECOVERY_CODE_COUNT):
        yield "-".join(get_random_string(6, RECOVERY_CODE_ALPHABET) for _group in range(4))


def _normalize(code: str) -> str:
    return "".join(code.split())
