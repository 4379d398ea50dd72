"""E-mails as programs and servers really send them, in tests/cases/mail."""

import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from post_office.models import Email

from inquiries.inbound_mail.message import UnreadableError, parse_message
from inquiries.inbound_mail.processing import Outcome, process_message
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services import acknowledge_inquiry
from tests.factories import make_inquiry
from tests.timing import assert_linear

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent.parent / "cases" / "mail"
Kind = InquiryEvent.Kind


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.REPLY_ADDRESS = "replies@shop.test"
    settings.DEFAULT_FROM_EMAIL = "Shop <noreply@shop.test>"


@pytest.fixture
def inquiry() -> Inquiry:
    """An acknowledged inquiry of the buyer in the cases."""
    inquiry = make_inquiry(email="ann@buyer.test")
    acknowledge_inquiry(inquiry)
    return inquiry


def message_id(inquiry: Inquiry) -> str:
    return inquiry.events.exclude(message_id="").get().message_id


def process(name: str, **values: str) -> Outcome:
    """Process a case, with each `@NAME@` replaced by the value of that name."""
    raw = (CASES / f"{name}.eml").read_bytes()
    for key, value in values.items():
        raw = raw.replace(f"@{key.upper().replace('_', '-')}@".encode(), value.encode())
    return process_message(raw)


def process_for(inquiry: Inquiry, name: str) -> InquiryEvent:
    """Process a case about this inquiry; return the event that it is saved as."""
    before = set(inquiry.events.values_list("pk", flat=True))
    values = {"ref": inquiry.reference, "our_message_id": message_id(inquiry)}
    assert process(name, **values) is Outcome.SAVED
    [event] = inquiry.events.exclude(pk__in=before)
    return event


FORWARDED = (
    "From: Bob Test <bob@works.test>\nDate: Sun, 04 Oct 2026 09:00:00 +0000\nSubject: Foundation"
)
TEXTS = {
    "text-body-with-a-name": ("My words are here.", []),
    "alternative-both-named": ("Plain words", []),
    "text-inline-with-a-name": ("Two crushers, please.", ["plan.pdf"]),
    "html-body-with-a-name": ("Two crushers,\nplease.", []),
    "body-sent-as-attachment": ("Two crushers, please.", []),
    "text-only-in-an-attachment": ("Order: two crushers", []),
    "named-texts-around-a-picture": ("Before the drawing.\n\nAfter the drawing.", ["plan.pdf"]),
    "forwarded-message": (
        f"Our engineer wrote this.\n\n{FORWARDED}\n\nThe slab is 4 m wide.",
        ["Foundation.eml"],
    ),
    "forwarded-message-encoded": (
        f"Our engineer wrote this.\n\n{FORWARDED}\n\nThe slab is 4 m wide.",
        ["slab.pdf", "Foundation.eml"],
    ),
    "forwarded-message-alone": (
        f"{FORWARDED}\n\nThe slab is 4 m wide.",
        ["Foundation.eml"],
    ),
    "forwarded-message-global": (
        "Our engineer wrote this.\n\n"
        + FORWARDED.replace("Bob Test", "Jürgen Groß").replace("Foundation", "Fundament für Mühle")
        + "\n\nDie Platte ist 4 m breit.",
        ["Fundament für Mühle.eml"],
    ),
    "forwarded-bounce-from-a-person": (
        "Did you get this, too?\n\nFrom: MAILER-DAEMON@mx.test\nSubject: failure notice\n\n"
        "Not delivered.",
        ["failure notice.eml"],
    ),
    # character sets of the text
    "iso-2022-jp-nec-row": ("日本語 ① hello", []),
    "iso-2022-jp-without-charset": ("簡単なテストです", []),
    "ks_c_5601-cp949": ("안녕 똠방", []),
    "gbk-without-charset": ("你好，我们需要破碎机", []),
    "windows-874": ("สวัสดี", []),
    "hebrew-iso-8859-8-i": ("שלום, מה המחיר?", []),
    "arabic-iso-8859-6-e": ("السلام عليكم", []),
    "utf-7-under-its-old-name": ("Größe 你好", []),
    "hong-kong-letters-in-big5": ("啩，兩台破碎機喺邊度", []),
    "shift-jis-with-nec-row": ("①㈱髙橋製作所", []),
    "iso-2022-jp-half-width-kana": ("ｶﾅ 髙橋", []),
    "euc-kr-with-cp949-letters": ("똠방각하 펲시", []),
    "gb2312-with-gb18030-letters": ("朱镕基 㐂 €", []),
    "unknown-charset-name": ("Здравствуйте, нам нужна дробилка", []),
    "koi8-without-charset": ("Здравствуйте, нам нужна дробилка", []),
    "korean-without-charset": ("안녕하세요, 견적을 부탁합니다", []),
    "shift-jis-without-charset": ("お世話になっております。見積もりをお願いします。", []),
    "big5-without-charset": ("您好，我們需要兩台破碎機，請報價。", []),
    "gbk-declared-as-latin": ("你好，我们需要破碎机。", []),
    "utf-8-declared-as-ascii": ("Größe 你好", []),
    "windows-1252-declared-as-utf-8": ("Die Größe – 5 €", []),
    "html-charset-in-meta": ("请报价：镕", []),
    # names of senders
    "sender-gb2312-with-gbk-letters": ("朱镕基 <ann2@buyer.test>:\n\nYes.", []),
    "sender-word-split-inside-a-character": ("李明 <ann2@buyer.test>:\n\nYes.", []),
    "sender-raw-gbk": ("李明 <ann2@buyer.test>:\n\nYes.", []),
    "sender-raw-utf-8": ("Jürgen Groß <ann2@buyer.test>:\n\nYes.", []),
    "sender-iso-2022-jp-nec-row": ("①㈱髙橋 <ann2@buyer.test>:\n\nYes.", []),
    "sender-ks_c_5601": ("똠방각하 <ann2@buyer.test>:\n\nYes.", []),
    "sender-with-a-language": ("Jürgen Groß <ann2@buyer.test>:\n\nYes.", []),
    "sender-unknown-charset": ("Jürgen Groß <ann2@buyer.test>:\n\nYes.", []),
    "sender-with-a-comma-in-the-word": ("Groß, Jürgen <ann2@buyer.test>:\n\nYes.", []),
    "sender-encoded-with-the-address": ("Jürgen Groß <ann2@buyer.test>:\n\nYes.", []),
    "sender-in-plain-iso-2022-jp": ("見積 <ann2@buyer.test>:\n\nYes.", []),
    # names of files
    "file-name-gb2312-with-gbk-letters": ("See the file.", ["朱镕喆.pdf"]),
    "file-name-raw-utf8": ("See the file.", ["产品.pdf"]),
    "file-name-rfc-2231-gbk": ("See the file.", ["朱镕喆.pdf"]),
    "file-name-rfc-2231-utf-8": ("See the file.", ["Größe.pdf"]),
    "file-name-raw-gbk": ("See the file.", ["报价单明细表.pdf"]),
    "file-name-word-split-inside-a-character": ("See the file.", ["报价.pdf"]),
    "file-name-word-without-quotes": ("See the file.", ["報價單.pdf"]),
    "file-name-only-in-the-type": ("See the file.", ["見積.pdf"]),
    "file-name-split-in-continuations": ("See the file.", ["报价.pdf"]),
    "reply-about-an-automatic-reply": ("I am back. Two, please.", []),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_and_the_files_of_a_message_are_saved(inquiry, name):
    event = process_for(inquiry, name)
    files = [file.name for file in event.attachments.order_by("pk")]
    assert (event.kind, event.text, files) == (Kind.MESSAGE, *TEXTS[name])


def test_attached_texts_are_saved_and_pages_are_refused(inquiry):
    event = process_for(inquiry, "texts-attached")
    files = {file.name: file.file.read().strip() for file in event.attachments.all()}
    assert files == {"order.txt": b"Order: two crushers", "list.csv": b"a;b"}
    assert event.text.startswith("See the files.\n\n“page.html”: ")


def test_a_forwarded_message_is_saved_as_it_was_sent(inquiry):
    [file] = process_for(inquiry, "forwarded-message").attachments.all()
    content = file.file.read().replace(b"\r\n", b"\n")
    assert content.startswith(b"From: Bob Test <bob@works.test>\nTo: ann@buyer.test\n")
    assert content.endswith(b"\n\nThe slab is 4 m wide.")


REASONS = {
    "bounce-global-delivery-status": "ann@buyer.test · 5.1.1",
    "bounce-plain-text-exim": "ann@buyer.test · 550 5.1.1 user unknown",
    "bounce-qmail": "ann@buyer.test · Remote host said: 550 5.1.1 No such user",
    "bounce-exim-with-a-copy": "ann@buyer.test · 550 5.1.1 user unknown",
    "bounce-exchange-english": "ann@buyer.test · <mx.buyer.test #5.1.1>",
    "bounce-exchange-german": "ann@buyer.test · #550 5.1.10 RESOLVER.ADR.RecipientNotFound ##",
    "bounce-chinese-qq": "ann@buyer.test · host mx.test said: 550 Mailbox not found",
    "bounce-chinese-163": "ann@buyer.test · 5.0.0 · 550 User not found: ann@buyer.test",
    "bounce-report-in-mixed": "ann@buyer.test · 5.2.2 · 552 5.2.2 mailbox full",
    "bounce-with-utf-8-address": "jürgen@buyer.test · 5.1.1 · 550 Empfänger unbekannt",
    "bounce-with-another-message-id": "ann@buyer.test · 5.1.1 · 550 5.1.1 user unknown",
    "bounce-of-another-wording": "ann@buyer.test · Reason: Remote host said: 550 5.1.1 The email "
    "account does not exist.",
    "bounce-japanese": "ann@buyer.test · 550 5.1.1 User unknown",
}


@pytest.mark.parametrize("name", REASONS)
def test_a_failed_delivery_is_reported_with_its_reason(inquiry, name):
    event = process_for(inquiry, name)
    assert (event.kind, event.data) == (Kind.BOUNCED, {"report": REASONS[name]})


NOTES = {
    "delay-in-text": "Automatic reply: Warning: message delayed 24 hours\n\n"
    "A message that you sent has not yet been delivered to ann@buyer.test.\n"
    "Delivery attempts will be retried. It could not be delivered so far:\n"
    "451 4.3.0 try again later",
    "vacation-exchange-german": "Automatic reply: Automatische Antwort: Ihre Anfrage\n\n"
    "I am away until Monday.",
    "vacation-qq": "Automatic reply: 自动回复:Re: 您的询价\n\n您好，我正在休假。",
    "vacation-outlook-japanese": "Automatic reply: 自動応答: お問い合わせ\n\n休暇中です。",
    "vacation-unix": "Automatic reply: Re: Your inquiry\n\nI am away until Monday.",
    "vacation-gmail": "Automatic reply: Re: Your inquiry\n\nI am away until Monday.",
    "vacation-russian": "Automatic reply: Автоответ: запрос\n\nЯ в отпуске.",
    "read-receipt": "Automatic reply: Read: Your inquiry\n\nThe message was displayed.",
}


@pytest.mark.parametrize("name", NOTES)
def test_an_automatic_message_becomes_a_note(inquiry, name):
    event = process_for(inquiry, name)
    assert (event.kind, event.text) == (Kind.NOTE, NOTES[name])


THREADS = {
    "reply-to-A-with-B-in-references": "A",
    "reply-by-references-only": "B",
    "reply-to-an-unknown-message": "A",
    "reply-with-comment-in-the-header": "A",
    "reply-by-reference-in-chinese": "A",
    "reply-by-full-width-reference": "A",
}


@pytest.mark.parametrize("newest", ["A", "B"])
@pytest.mark.parametrize("name", THREADS)
def test_a_reply_joins_the_inquiry_that_it_answers(name, newest):
    inquiries = {}
    for letter in sorted("AB", key=lambda letter: letter == newest):
        inquiries[letter] = make_inquiry(email="ann@buyer.test", message=letter)
        acknowledge_inquiry(inquiries[letter])
    values = {f"ref_of_{letter}": inquiry.reference for letter, inquiry in inquiries.items()}
    wide = "".join(
        unicodedata.lookup(f"FULLWIDTH {unicodedata.name(c)}") for c in values["ref_of_A"]
    )
    values |= {f"message_id_of_{x}": message_id(inquiry) for x, inquiry in inquiries.items()}
    assert process(name, full_width_ref_of_a=wide, **values) is Outcome.SAVED
    other = "B" if THREADS[name] == "A" else "A"
    assert inquiries[THREADS[name]].events.filter(kind=Kind.MESSAGE).count() == 1
    assert not inquiries[other].events.filter(kind=Kind.MESSAGE).exists()


QUOTED = "On Mon, Oct 5, 2026 at 9:12 AM Shop <noreply@shop.test> wrote:\n\n> It costs 5."


def test_a_quotation_is_saved_apart_from_the_text(inquiry):
    event = process_for(inquiry, "reply-with-quotation")
    assert (event.text, event.quoted_text) == ("Two, please.", QUOTED)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own-list-below-reference", "Good morning,\n\nfor inquiry {ref} of 12 May 2026 we still "
         "need:\n\n- the price for 2 crushers, CIF Mombasa\n- the drawing of the foundation\n\n"
         "Regards\nAnn"),
        ("own-order-as-fields", "Good morning, please find our order.\n\nInquiry: {ref}\n"
         "Model: PE600\nQuantity: 2\nPort: Mombasa\n\nPayment by L/C at sight."),
        ("reply-with-quotation-forwarded", f"Two, please.\n\n{QUOTED}"),
    ],
)  # fmt: skip
def test_the_text_of_the_buyer_is_not_saved_as_a_quotation(inquiry, name, text):
    event = process_for(inquiry, name)
    assert (event.text, event.quoted_text) == (text.format(ref=inquiry.reference), "")


def test_a_quotation_is_recognized_by_the_link_to_the_page_of_the_inquiry(inquiry):
    email = Email.objects.get(to="ann@buyer.test")
    quoted = "\n".join(f"> {line}".rstrip() for line in email.message.splitlines())
    raw = (CASES / "reply-with-quotation.eml").read_bytes().partition(b"\r\n\r\n")[0]
    raw = raw.replace(b"@OUR-MESSAGE-ID@", message_id(inquiry).encode())
    process_message(raw + f"\r\n\r\nTwo, please.\n\n{quoted}".encode())
    event = inquiry.events.get(kind=Kind.MESSAGE)
    assert (event.text, event.quoted_text) == ("Two, please.", quoted.strip())


HEAD = b"From: ann@buyer.test\nSubject: x\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
REPORT = HEAD + b"Content-Type: multipart/report; boundary=b\n\n--b\n"


@pytest.mark.parametrize(
    ("start", "repeated"),
    [
        (HEAD + b"\n", "你好，我们 ".encode("gb18030")),
        (HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n", b"\x1b$B"),
        (HEAD + b"Content-Type: text/html\n\n", b"<div class=gmail_quote>"),
        (b"Subject: x\nFrom: ", b"=?utf-8?B?5oql5Lu3?= "),
        (b"Subject: x\nFrom: <", b"@"),
        (MIXED, b"--b\nContent-Type: message/rfc822\n\nSubject: y\n\nText\n"),
        (MIXED, b"--b\nContent-Type: text/plain; name=x\n\nText\n"),
        (REPORT + b"Content-Type: message/delivery-status\n\n", b"Action: failed\n\n"),
        (REPORT + b"Content-Type: message/global-delivery-status\n\n", b"Action: failed\n"),
        (b"From: mailer-daemon@x.test\nSubject: undelivered\n\n", b"a@b.test 550 5.1.1 x\n"),
    ],
)
def test_no_message_takes_long_to_parse(start, repeated):
    def parse(raw: bytes) -> None:
        with suppress(UnreadableError):  # too many parts
            parse_message(raw)

    once = start + repeated * (200_000 // len(repeated))
    assert_linear(parse, once, once + repeated * (200_000 // len(repeated)))
