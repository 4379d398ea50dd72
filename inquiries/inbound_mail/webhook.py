"""Where a mail service hands over buyers' replies."""

import base64
import binascii
import logging
from email import message_from_bytes
from urllib.parse import parse_qs

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.http import client_address
from core.rate_limit import is_over_limit
from inquiries.inbound_mail.bodies import content_of, parts_of
from inquiries.inbound_mail.message import UnreadableError
from inquiries.inbound_mail.processing import MAX_MEGABYTES, Outcome, receive

logger = logging.getLogger(__name__)

LARGEST = MAX_MEGABYTES * 1024 * 1024
MESSAGES = (1200, 3600)  # from one network address, in how many seconds
WRONG_KEYS = (20, 3600)
FIELDS = {"body-mime", "email"}  # in which mail services send the raw message


@csrf_exempt  # no browser comes here: the key is what counts
@never_cache
@require_POST
def replies(request: HttpRequest) -> HttpResponse:
    """Take one mail: the raw message (`message/rfc822`) as body, or as a field of a form.

    The key of REPLY_WEBHOOK_KEY comes as `Authorization: Bearer <key>`, or as the password of
    `Basic` from services that only take an address with one.

    Answers, in plain text:

    - 200 `kept`, or `known` for what was kept before: a service may send again at will;
    - 401 without a key, 403 for a wrong one, 404 where the site has none;
    - 404 for a mail that belongs to no inquiry: nothing is kept, so the service is not told that
      its work is done, and lists it as undelivered;
    - 413 for more than 30 MB, 422 for what is no mail, 429 for too many at once.
    """
    if not settings.REPLY_WEBHOOK_KEY:
        raise Http404
    sender = client_address(request)
    given = _key_in(request.headers.get("Authorization", ""))
    if not given:
        return _said(401, "no key", {"WWW-Authenticate": "Bearer"})
    if not constant_time_compare(given, settings.REPLY_WEBHOOK_KEY):
        too_many = is_over_limit("reply-webhook-key", sender, WRONG_KEYS)
        return _said(429 if too_many else 403, "wrong key")
    if is_over_limit("reply-webhook", sender, MESSAGES):
        return _said(429, "too many messages")
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return _said(413, "too big")
    try:
        outcome = receive(_message_in(request.content_type or "", request, body))
    except UnreadableError as error:
        logger.warning("What came to the webhook is no mail: %s", error)
        return _said(422, "not a mail")
    return _said(404 if outcome is Outcome.UNMATCHED else 200, outcome.value)


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers=headers)


def _key_in(authorization: str) -> str:
    """The key in the header of that name, in either of its two forms (RFC 6750, RFC 7617)."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            pair = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return pair.partition(":")[2]
    return ""


def _message_in(kind: str, request: HttpRequest, body: bytes) -> bytes:
    """The raw message in what was sent; raises UnreadableError for a form without one.

    Django's own reading of a form stops at DATA_UPLOAD_MAX_MEMORY_SIZE, which mails with files in
    them exceed.
    """
    if kind == "multipart/form-data":
        head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n"
        form = message_from_bytes(head.encode("latin-1", "replace") + body)
        for part in parts_of(form):
            if part.get_param("name", header="content-disposition") in FIELDS:
                return content_of(part)
    elif kind == "application/x-www-form-urlencoded":
        sent = parse_qs(body.decode("latin-1"), max_num_fields=200, encoding="latin-1")
        for name in FIELDS & sent.keys():
            return sent[name][0].encode("latin-1")
    else:
        return body
    raise UnreadableError(f"The form has no field {' or '.join(sorted(FIELDS))}.")
