"""The webhook to which an e-mail service delivers buyers' e-mails."""

import base64
import binascii
import logging
from urllib.parse import parse_qs

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.http import client_ip
from core.rate_limit import is_over_limit
from inquiries.inbound_mail.bodies import decoded_content, subparts
from inquiries.inbound_mail.message import UnreadableError
from inquiries.inbound_mail.parsing import TooLargeError, parse_bounded
from inquiries.inbound_mail.processing import MAX_MEGABYTES, Outcome, process_message

logger = logging.getLogger(__name__)

MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MESSAGE_RATE = (1200, 3600)  # messages from one IP address, seconds
WRONG_KEY_RATE = (20, 3600)
MESSAGE_FIELDS = {"body-mime", "email"}  # form fields in which services send the raw message
MAX_FORM_FIELDS = 200


@csrf_exempt  # the key authenticates the service; no browser and no session is involved
@never_cache
@require_POST
def receive_email(request: HttpRequest) -> HttpResponse:
    """Process one e-mail, sent as raw message (`message/rfc822`) in the body or in a form field.

    The key in REPLY_WEBHOOK_KEY is sent as `Authorization: Bearer <key>`, or as the password of
    `Basic` from services that only accept a URL with user name and password.

    Responses, in plain text:

    - 200 `kept`, `new` for a new inquiry, or `known` for a message that was saved before, so that
      services may retry;
    - 401 without a key, 403 for a wrong one, 404 if the site has none;
    - 404 for a message that belongs to no inquiry and is none: nothing is saved, so the service
      reports it as undelivered;
    - 413 for more than 30 MB, 422 for anything but an e-mail, 429 above the rate limit.
    """
    if not settings.REPLY_WEBHOOK_KEY:
        raise Http404
    sender = client_ip(request)
    key = _key_from(request.headers.get("Authorization", ""))
    if not key:
        return _plain(401, "no key", {"WWW-Authenticate": "Bearer"})
    if not constant_time_compare(key, settings.REPLY_WEBHOOK_KEY):
        is_limited = is_over_limit("reply-webhook-key", sender, WRONG_KEY_RATE)
        return _plain(429 if is_limited else 403, "wrong key")
    if is_over_limit("reply-webhook", sender, MESSAGE_RATE):
        return _plain(429, "too many requests")
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return _plain(413, "too big")
    try:
        outcome = process_message(_message_from(request, body))
    except UnreadableError as error:
        logger.warning("The webhook received something that is not an e-mail: %s", error)
        return _plain(422, "not a mail")
    is_saved = outcome not in {Outcome.UNMATCHED, Outcome.IGNORED}
    return _plain(200 if is_saved else 404, outcome.value)


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers=headers)


def _key_from(authorization: str) -> str:
    """The key in an Authorization header, Bearer (RFC 6750) or Basic (RFC 7617); else empty."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            credentials = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return credentials.partition(":")[2]
    return ""


def _message_from(request: HttpRequest, body: bytes) -> bytes:
    """The raw message in the request body; raises UnreadableError for a form without one.

    Forms are parsed here, since Django limits them to DATA_UPLOAD_MAX_MEMORY_SIZE, which e-mails
    with attachments exceed.
    """
    if request.content_type == "multipart/form-data":
        head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n"
        try:
            form = parse_bounded(head.encode("latin-1", "replace") + body)
        except TooLargeError as error:
            raise UnreadableError(str(error)) from error
        for part in subparts(form):
            if part.get_param("name", header="content-disposition") in MESSAGE_FIELDS:
                return decoded_content(part)
    elif request.content_type == "application/x-www-form-urlencoded":
        fields = parse_qs(
            body.decode("latin-1"), max_num_fields=MAX_FORM_FIELDS, encoding="latin-1"
        )
        for name in MESSAGE_FIELDS & fields.keys():
            return fields[name][0].encode("latin-1")
    else:
        return body
    raise UnreadableError(f"Missing form field {' or '.join(sorted(MESSAGE_FIELDS))}.")
