"""Writing to the log, and deleting old entries."""

import ipaddress
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.functional import Promise

from core.current_request import current_request
from core.http import client_ip
from core.staff_log.models import StaffAction

Kind = StaffAction.Kind
Message = str | Promise | list[Any]

BATCH_SIZE = 1000


def log_action(
    kind: str,
    obj: Model | None = None,
    *,
    by: User | None,
    message: Message = "",
    values: Sequence[str] = (),
    model: type[Model] | None = None,
) -> None:
    """Write one entry about `obj`, or about the table of `model`, with the address of the request.

    `message` is translated when it is shown, so it is in English or lazy, or a list as Django's
    admin makes it; `values` are what `%s` in it stands for. `by` is None for a log-in that failed
    with a name that no account has.
    """
    _make_entry(kind, obj, by, message, values, model).save(force_insert=True)


def log_actions(kind: str, objects: Iterable[Model], *, by: User, message: Message = "") -> None:
    """Write one entry about each of these objects."""
    entries = [_make_entry(kind, obj, by, message) for obj in objects]
    StaffAction.objects.bulk_create(entries, BATCH_SIZE)


def delete_old_actions() -> None:
    """Delete the entries that are older than STAFF_LOG_RETENTION days; none if that is 0."""
    if not settings.STAFF_LOG_RETENTION:
        return
    oldest = timezone.now() - timedelta(days=settings.STAFF_LOG_RETENTION)
    old = StaffAction.objects.filter(at__lt=oldest).order_by("at", "pk")
    while batch := list(old.values_list("pk", flat=True)[:BATCH_SIZE]):
        StaffAction.objects.filter(pk__in=batch).delete()


def _make_entry(
    kind: str,
    obj: Model | None,
    by: User | None,
    message: Message,
    values: Sequence[str] = (),
    model: type[Model] | None = None,
) -> StaffAction:
    subject = obj or model
    return StaffAction(
        kind=kind,
        user=by,
        username=by.get_username() if by else "",
        ip=current_ip(),
        content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False)
        if subject
        else None,
        object_id=str(obj.pk) if obj else "",
        object_repr=str(obj)[:200] if obj else "",
        change_message=_encode(message, values),
    )


def _encode(message: Message, values: Sequence[str]) -> str:
    """What is stored as `change_message`, in no language but the one of the code."""
    if isinstance(message, list):
        return json.dumps(message)
    with translation.override(None):
        text = str(message)
    return json.dumps({"message": text, "values": list(values)}) if values else text


def current_ip() -> str | None:
    """The address of the current request; None without one."""
    request = current_request.get()
    try:
        return str(ipaddress.ip_address(client_ip(request))) if request else None
    except ValueError:  # a server without an address, such as a Unix socket
        return None
