"""Recognizes e-mails about a failed delivery: which message failed, for whom, and why.

Servers send a report that software can read (RFC 3464, RFC 6533), or only headers or text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice

from core.text.control_characters import clean
from inquiries.inbound_mail.bodies import (
    FORWARDED_TYPES,
    MAX_DEPTH,
    MAX_PARTS,
    attached_message,
    decoded_content,
    subparts,
)
from inquiries.inbound_mail.headers import decode_header
from inquiries.inbound_mail.parsing import parse_bounded

MAX_FAILED_RECIPIENTS = 5
MAX_REASON_LENGTH = 500  # characters for each recipient
MAX_TEXT_LENGTH = 20_000  # characters of the text that are searched
MAX_BLOCKS = 100  # of fields, and fields in a block
MAX_STATUS_LINES = 3

STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
MESSAGE_ID_FIELDS = ["original-message-id", "message-id"]
HEADER_TYPES = {"text/rfc822-headers", "message/global-headers"}
BLANK_LINES = re.compile(rb"\r?\n[ \t]*\r?\n")

# Who sends reports, and how their subjects and texts begin or what they contain.
REPORT_SENDER = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mailerdaemon|microsoftexchange[0-9a-f]+)@",
    re.IGNORECASE,
)
FAILURE_PHRASES = [
    # English
    "undeliver", "failure notice", "delivery failure", "delivery has failed", "delivery failed",
    "mail delivery failed", "delivery status notification (failure)", "returned mail",
    "returned to sender", "could not be delivered", "couldn't be delivered", "did not reach",
    "wasn't able to deliver", "unable to deliver", "cannot be delivered", "permanent error",
    "permanent fatal errors", "could not deliver", "couldn't deliver", "failed to deliver",
    "delivery error", "delivery problem", "not delivered", "failed recipient", "bounced",
    "address not found", "rejected your message",
    # Chinese
    "退信", "无法送达", "無法送達", "无法投递", "無法傳遞", "未送达", "未送達", "投递失败",
    "被退回", "传递失败", "發送失敗", "发送失败", "未能送达",
    # German, French, Spanish, Portuguese, Italian
    "unzustellbar", "nicht zugestellt", "fehler bei der nachrichtenzustellung",
    "zustellung fehlgeschlagen", "konnte nicht zugestellt", "échec de la remise", "non remis",
    "n'a pas pu être remis", "no se puede entregar", "no se pudo entregar", "no entregado",
    "error de entrega", "não é possível entregar", "não entregue", "não pôde ser entregue",
    "falha na entrega", "mancato recapito", "mancata consegna", "non recapitabile",
    "impossibile recapitare",
    # Russian, Turkish, Arabic, Japanese, Korean
    "не доставлен", "недоставлен", "не удается доставить", "не удалось доставить",
    "teslim edilemedi", "iletilemedi", "teslim edilemeyen", "تعذر تسليم", "لم يتم تسليم",
    "فشل تسليم", "配信不能", "配信できません", "配信エラー", "送信できませんでした", "배달되지",
    "배달할 수 없", "전송 실패", "반송",
]  # fmt: skip
DELAY_PHRASES = ["delay", "will be retried", "still trying", "verzögert", "延迟", "retrasad"]
# "550 5.1.1 user unknown", "#5.1.1", "5.1.1 (bad destination mailbox address)"
STATUS_CODE = re.compile(r"(?<![\d.])(?:[45]\d\d[ -](?!\d)|#?[45]\.\d{1,3}\.\d{1,3}(?![\d.]))")
PERMANENT_CODE = re.compile(r"(?<![\d.])(?:55\d[ -](?!\d)|#?5\.\d{1,3}\.\d{1,3}(?![\d.]))")
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-][\w.-]{0,189}")
MESSAGE_ID_LINE = re.compile(r"^[ \t>]*message-id:\s{0,5}(<[^\s<>]{3,250}>)", re.I | re.M)

COPY_OF_HEADERS = re.compile(r"^[ \t>]*(?:return-path|received|message-id):", re.I | re.M)
VALUE_TYPE = re.compile(r"^[\w-]{1,20};\s*")  # "rfc822;ann@example.com", "smtp; 550 …"

Fields = dict[str, str]


@dataclass(frozen=True)
class Report:
    """What a report says about an earlier e-mail: its Message-IDs and subject, and its failure.

    `reason` has a line for each recipient that was not reached; it is empty if none failed.
    """

    message_ids: list[str] = field(default_factory=list)
    subject: str = ""
    reason: str = ""
    recipients: list[str] = field(default_factory=list)


def read_report(message: Message, headers: Fields, sender: str, text: str) -> Report:
    """The report in a message with these headers (names in lower case), this sender and text."""
    blocks = list(islice(_blocks(message), MAX_BLOCKS))
    has_action = any("action" in block for block in blocks)
    if not has_action and message.get_content_type() != "multipart/report":
        blocks = []  # of e-mails that a person forwards
    ids = [block.get(name, "") for block in blocks for name in MESSAGE_ID_FIELDS]
    message_ids = list(filter(None, ids))
    subject = next((block["subject"] for block in blocks if "subject" in block), "")
    if has_action:
        failed = [block for block in blocks if _is_failed(block)][:MAX_FAILED_RECIPIENTS]
        reason = clean("\n".join(_reason(block)[:MAX_REASON_LENGTH] for block in failed))
        return Report(message_ids, subject, reason, [_recipient(block) for block in failed])
    if not _is_failure(headers, sender, text):
        return Report(message_ids, subject)
    message_ids += MESSAGE_ID_LINE.findall(text)[:MAX_FAILED_RECIPIENTS]
    own_text = COPY_OF_HEADERS.split(text[:MAX_TEXT_LENGTH], maxsplit=1)[0]
    recipients = EMAIL.findall(headers.get("x-failed-recipients", "") or own_text)
    recipients = list(dict.fromkeys(recipients))[:MAX_FAILED_RECIPIENTS]
    lines = [" ".join(line.split()) for line in own_text.splitlines()]
    codes = [line for line in lines if STATUS_CODE.search(line)]
    reason = " ".join(codes[:MAX_STATUS_LINES] or lines).strip()
    names = ", ".join(recipients)
    reason = f"{names} · {reason}"[:MAX_REASON_LENGTH].strip(" ·")
    return Report(message_ids, subject, reason, recipients)


def _blocks(message: Message) -> Iterator[Fields]:
    for part in islice(_parts(message), MAX_PARTS):
        content_type = part.get_content_type()
        if content_type in STATUS_TYPES:
            for block in BLANK_LINES.split(decoded_content(part)):
                yield _fields(parse_bounded(block.lstrip()))
        elif content_type in FORWARDED_TYPES:
            if original := attached_message(part):
                yield _fields(original)
        elif content_type in HEADER_TYPES:
            yield _fields(parse_bounded(decoded_content(part)))


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of a message, without those of messages attached to it."""
    yield message
    if message.is_multipart() and message.get_content_maintype() != "message" and depth < MAX_DEPTH:
        for part in subparts(message):
            yield from _parts(part, depth + 1)


def _fields(message: Message) -> Fields:
    items = islice(message.raw_items(), MAX_BLOCKS)
    return {name.lower(): decode_header(str(value)) for name, value in items}


def _is_failed(block: Fields) -> bool:
    return block.get("action", "").lower().startswith("failed")


def _reason(block: Fields) -> str:
    values = [block.get(name, "") for name in ("final-recipient", "status", "diagnostic-code")]
    return " · ".join(VALUE_TYPE.sub("", text) for text in values if text)


def _recipient(block: Fields) -> str:
    found = EMAIL.search(block.get("original-recipient", "") or block.get("final-recipient", ""))
    return found[0] if found else ""


def _is_failure(headers: Fields, sender: str, text: str) -> bool:
    """Whether a message without a report that software can read says that delivery failed."""
    if "x-failed-recipients" in headers:
        return True
    beginning = text[:MAX_TEXT_LENGTH]
    is_from_server = REPORT_SENDER.match(sender) or not sender
    has_no_sender = headers.get("return-path", "") == "<>" and STATUS_CODE.search(beginning)
    if not (is_from_server or has_no_sender):
        return False
    words = f"{headers.get('subject', '')} {beginning}".lower()
    if not any(phrase in words for phrase in FAILURE_PHRASES):
        return False
    is_delayed = any(phrase in words for phrase in DELAY_PHRASES)
    return not is_delayed or bool(PERMANENT_CODE.search(beginning))
