"""E-mails to the inquiry address that belong to no inquiry become new ones."""

from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage

import pytest
from django.utils import timezone
from post_office.models import Email

from contacts.models import Company
from inquiries import schedule
from inquiries.inbound_mail.languages import guess_language
from inquiries.inbound_mail.processing import Outcome, process_message
from inquiries.inbound_mail.routing import read_routing
from inquiries.models import AssignmentRule, Inquiry, InquiryEvent
from inquiries.personal_data.export import export_personal_data
from inquiries.services import answer_inquiry, merge_inquiries, release_inquiry
from tests.factories import make_company, make_contact, make_inquiry, make_user, picture_file
from tests.inquiries.inbound_messages import bounce, mail, reply
from tests.inquiries.test_spreadsheets import export
from tests.inquiries.urls import status_page_url
from tests.timing import assert_linear

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reply_address")]

LIST = "/admin/inquiries/inquiry/"


def request(text: str = "What does it cost?", **headers: str) -> EmailMessage:
    """An e-mail from a buyer who does not write about an inquiry of theirs."""
    return mail(text, **{"subject": "Jaw crusher PE-600", **headers})


def process(message: EmailMessage) -> Outcome:
    return process_message(bytes(message))


def receive(message: EmailMessage) -> Inquiry:
    assert process(message) is Outcome.CREATED
    return Inquiry.objects.latest("pk")


def acknowledgements(email: str = "peter@example.com") -> int:
    return Email.objects.filter(to=email, subject__startswith="Your inquiry").count()


def test_an_email_becomes_an_inquiry():
    make_user("Managers", username="manager")
    inquiry = receive(request(message_id="<1@mail.example.com>"))
    assert (inquiry.name, inquiry.email) == ("Peter Sample", "peter@example.com")
    assert inquiry.message == "Jaw crusher PE-600\n\nWhat does it cost?"
    assert (inquiry.status, inquiry.source, inquiry.language) == ("new", "email", "en")
    assert (inquiry.country, inquiry.phone, inquiry.company) == ("", "", "")
    assert not inquiry.lines.exists()
    assert inquiry.due_at > timezone.now()
    assert [event.kind for event in inquiry.events.all()] == ["received", "acknowledged"]
    assert inquiry.events.first().message_id == "<1@mail.example.com>"
    assert "What does it cost?" in Email.objects.get(to="manager@example.com").message
    acknowledgement = Email.objects.get(to="peter@example.com")
    assert inquiry.reference in acknowledgement.subject
    assert acknowledgement.headers["In-Reply-To"] == "<1@mail.example.com>"
    assert inquiry.events.last().message_id == acknowledgement.message_id


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"language": "ar"}, "مرحبا، نريد عرض سعر لكسارة الفك PE-600"),
        ({"language": "zh-hans"}, "您好，请报价PE-600颚式破碎机"),
        ({"returning": True}, "What does it cost?"),
    ],
)
def test_the_rules_of_assignment_apply(rule, text):
    candy = make_contact(name="Candy", email="candy@example.com")
    AssignmentRule.objects.create(name="Other countries", contact=make_contact(), countries=["DE"])
    earlier = make_inquiry()
    Inquiry.objects.filter(pk=earlier.pk).update(assigned_to=candy, status="won")
    contact = None if "returning" in rule else candy
    AssignmentRule.objects.create(name="A rule", contact=contact, **rule)
    inquiry = receive(request(text))
    assert (inquiry.status, inquiry.assigned_to) == ("assigned", candy)
    assert Email.objects.filter(to="candy@example.com").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"to": "REPLIES@example.com"},
        {"to": '"Candy, Sales" <candy@example.com>, Replies <replies@example.com>'},
        {"to": "info@example.com"},
        {"to": "replies+fair@example.com"},
        {"to": "candy@example.com", "cc": "=?utf-8?b?6ZSA5ZSu?= <replies@example.com>"},
        {"to": "undisclosed-recipients:;", "delivered_to": "replies@example.com"},
        {"to": "old@example.org", "x_original_to": "info@example.com"},
        {"to": "old@example.org", "x_forwarded_to": "replies@example.com"},
        {"to": "old@example.org", "envelope_to": "<replies@example.com>"},
    ],
)
def test_emails_to_the_inquiry_address_become_inquiries(headers):
    make_company(email="info@example.com")
    receive(request(**headers))


@pytest.mark.parametrize(
    "to", ["candy@example.com", "xreplies@example.com", "replies@example.com.example.org", ""]
)
def test_emails_to_other_addresses_are_left_for_review(to):
    assert process(request(to=to)) is Outcome.UNMATCHED
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated"},
        {"precedence": "bulk"},
        {"precedence": "junk"},
        {"x_autoreply": "yes"},
        {"return_path": "<>"},
        {"subject": "Automatic reply: Jaw crusher"},
        {"subject": "自动回复: 询价"},
        {"list_id": "News <news.example.net>"},
        {"list_unsubscribe": "<https://example.net/u>"},
        {"list_post": "<mailto:forum@example.net>"},
        {"mailing_list": "list forum@example.net; contact forum-owner@example.net"},
    ],
)
def test_automatic_replies_and_mailing_lists_are_ignored(headers):
    assert process(request(**headers)) is Outcome.IGNORED
    assert not Inquiry.objects.exists()
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    "sender",
    [
        "Shop <noreply@example.com>",
        "replies@example.com",
        "Info <INFO@example.com>",
        "candy@example.com",
        "manager@example.com",
        "MAILER-DAEMON@mail.example.com",
        "postmaster@example.net",
        "no-reply@example.net",
        "donotreply@example.net",
        "bounces+123@example.net",
        "Nobody",
        "peter@example",
        "",
    ],
)
def test_emails_of_our_own_and_of_software_make_no_inquiry(sender):
    make_company(email="info@example.com")
    make_contact(email="candy@example.com")
    make_user("Managers", username="manager")
    assert process(request(**{"from": sender})) is Outcome.UNMATCHED
    assert not Inquiry.objects.exists()


def test_an_undelivered_email_to_someone_else_makes_no_inquiry(answered):
    raw = bounce(answered).replace(answered.events.last().message_id.encode(), b"<x@testserver>")
    raw = raw.replace(b"noreply@localhost", b"replies@example.com")
    raw = raw.replace(answered.reference.encode(), b"").replace(b"peter@", b"staff@")
    assert process_message(raw) is Outcome.UNMATCHED
    assert Inquiry.objects.count() == 1


def test_an_undelivered_email_reported_in_plain_text_is_left_for_review():
    text = "This message was created automatically by mail delivery software.\n\n"
    text += "A message that you sent could not be delivered:\n\n  staff@example.com\n    unknown"
    headers = {"from": "Mail Delivery System <Mailer-Daemon@mail.example.com>"}
    headers |= {"x_failed_recipients": "staff@example.com", "auto_submitted": "auto-replied"}
    assert process(request(text, **headers)) is Outcome.UNMATCHED


@pytest.mark.parametrize(
    "headers",
    [
        {"list_id": "Sales <replies.example.com>", "precedence": "list"},
        {"list_post": "<https://groups.example/replies/post>, <mailto:replies@example.com>"},
        {"mailing_list": "list replies@example.com; contact replies+owners@example.com"},
    ],
)
def test_a_group_as_inquiry_address_is_no_mailing_list(headers):
    unsubscribe = "<mailto:googlegroups-manage+7+unsubscribe@googlegroups.com>"
    receive(request(list_unsubscribe=unsubscribe, **headers))


@pytest.mark.parametrize(
    ("sender", "reply_to", "expected"),
    [
        ("peter@example.com", "Peter <office@example.org>", "office@example.org"),
        ("no-reply@forms.example", "office@example.org", "office@example.org"),
        ("peter@example.com", "replies@example.com", "peter@example.com"),
        ("peter@example.com", "candy@example.com", "peter@example.com"),
        ("peter@example.com", "a@example.org, b@example.org", "peter@example.com"),
        ("peter@example.com", "not an address", "peter@example.com"),
    ],
)
def test_answers_go_to_the_address_for_replies(sender, reply_to, expected):
    make_contact(email="candy@example.com")
    assert receive(request(**{"from": sender, "reply_to": reply_to})).email == expected


def test_with_the_setting_off_emails_are_left_for_review(settings):
    settings.INQUIRIES_BY_EMAIL = False
    assert process(request()) is Outcome.UNMATCHED
    assert process(request(list_id="<news.example.net>")) is Outcome.UNMATCHED
    assert not Inquiry.objects.exists()
    assert not Email.objects.exists()


def test_an_email_is_saved_once():
    message = request()
    assert [process(message), process(message)] == [Outcome.CREATED, Outcome.ALREADY_SAVED]
    del message["Message-ID"]
    message.replace_header("Subject", "Another")
    assert [process(message), process(message)] == [Outcome.CREATED, Outcome.ALREADY_SAVED]
    assert Inquiry.objects.count() == 2


def test_the_same_text_sent_twice_within_a_day_is_added():
    inquiry = receive(request())
    assert process(request()) is Outcome.SAVED
    assert [event.kind for event in inquiry.events.all()][-1] == "asked_again"
    receive(request("And what does the screen cost?"))
    receive(request(**{"from": "anna@example.com"}))
    Inquiry.objects.update(created_at=timezone.now() - timedelta(days=2))
    receive(request())
    assert Inquiry.objects.count() == 4


def test_a_reply_to_their_own_email_joins_the_inquiry():
    inquiry = receive(request(message_id="<1@mail.example.com>"))
    colleague = {"from": "anna@example.com", "in_reply_to": "<1@mail.example.com>"}
    assert process(request("By Friday, please.", **colleague)) is Outcome.SAVED
    assert "By Friday" in inquiry.events.last().text


def test_a_reply_to_the_confirmation_joins_the_inquiry():
    inquiry = receive(request())
    assert process(reply(inquiry, "Thank you.")) is Outcome.SAVED
    assert inquiry.events.last().text == "Thank you."


def test_an_undelivered_confirmation_is_reported():
    inquiry = receive(request())
    assert process_message(bounce(inquiry)) is Outcome.SAVED
    assert inquiry.events.filter(kind=InquiryEvent.Kind.BOUNCED).exists()
    assert Inquiry.objects.count() == 1


def test_our_answer_replies_to_the_email():
    candy = make_contact(email="candy@example.com", user=make_user("Sales"))
    AssignmentRule.objects.create(name="All", contact=candy)
    inquiry = receive(request(message_id="<1@mail.example.com>"))
    Email.objects.all().delete()
    answer_inquiry(inquiry, "It costs 5.", by=candy.user)
    answer = Email.objects.get()
    assert answer.headers["References"].split()[0] == "<1@mail.example.com>"
    assert "> What does it cost?" in answer.message
    assert process(request("Too much.", in_reply_to=answer.message_id)) is Outcome.SAVED


@pytest.mark.parametrize(
    ("text", "headers", "reason"),
    [
        ("What does it cost?", {"x_spam_flag": "YES"}, "marked"),
        ("What does it cost?", {"x_spam_status": "Yes, score=9.1"}, "marked"),
        ("<script>alert(1)</script>", {}, "script"),
        (" ".join(f"https://evil{n}.example" for n in range(15)), {}, "links"),
        ("[url=x]Win[/url] " + "https://a.example " * 12, {}, "markup"),
    ],
)
def test_spam_is_held_and_acknowledged_when_it_is_released(text, headers, reason):
    manager = make_user("Managers", username="manager")
    inquiry = receive(request(text, **headers))
    assert inquiry.status == "spam"
    assert reason in inquiry.events.get(kind="held").data["reasons"]
    assert not Email.objects.exists()
    release_inquiry(inquiry, by=manager)
    assert inquiry.status == "new"
    assert acknowledgements() == 1


def test_a_mail_server_that_found_no_spam_changes_nothing():
    message = request(x_spam_flag="NO", x_spam_status="No, score=-2.1")
    assert receive(message).status == "new"


def test_acknowledgements_are_limited_for_each_buyer():
    for number in range(5):
        receive(request(str(number)))
    assert Inquiry.objects.count() == 5
    assert acknowledgements() == 3


def test_too_many_emails_from_one_address_are_left_for_review(settings):
    settings.INQUIRY_RATE = (2, 3600)
    outcomes = [process(request(str(number))) for number in range(3)]
    assert outcomes == [Outcome.CREATED, Outcome.CREATED, Outcome.UNMATCHED]
    assert process(request(**{"from": "anna@example.com"})) is Outcome.CREATED


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What does it cost?", "en"),
        ("您好，请报价PE-600颚式破碎机，谢谢！", "zh-hans"),
        (
            "您好：\n请报 PE-600 Jaw Crusher FOB Shanghai 价格。\nhttps://www.example.com",
            "zh-hans",
        ),
        ("請提供顎式破碎機的報價", "zh-hans"),
        ("Please quote PE-600 with motor and spare parts.\n\n河南矿机", "en"),
        ("見積もりをお願いします。ジョークラッシャーについて", "en"),
        ("견적 부탁드립니다", "en"),
        ("Сколько стоит щековая дробилка?", "en"),
        ("Was kostet der Backenbrecher?", "en"),
        ("السلام عليكم، نرجو إرسال عرض سعر Jaw Crusher PE-600", "ar"),
        ("كم سعر الكسارة؟ info@example.com +20 100 000 0000", "ar"),
        ("سلام، لطفاً قیمت سنگ شکن فکی را اعلام کنید", "en"),
        ("Please quote. الشركة", "en"),
        ("请报PE-600/PE-900价格", "zh-hans"),
        ("", "en"),
        ("PE-600 / 12 t", "en"),
    ],
)
def test_the_language_is_guessed_from_the_text(text, language):
    assert guess_language(text) == language


@pytest.mark.parametrize("text", ["x", "@", "/ ", "多", "م", "a@", "多a/"])
def test_guessing_takes_no_longer_for_longer_texts(text):
    assert_linear(guess_language, text * 2_500, text * 5_000)


@pytest.mark.parametrize("value", ["x", "x@", "@", "<x@y.example>, ", "(", '"'])
def test_reading_recipients_takes_linear_time(value):
    def read(value: str) -> None:
        assert read_routing(message_from_string(f"To: {value}\n" * 20)) is not None

    assert_linear(read, value * 1_000, value * 2_000)


@pytest.mark.parametrize(
    ("languages", "text", "expected"),
    [(["zh-hans"], "What does it cost?", "zh-hans"), (["en"], "多少钱？", "en")],
)
def test_the_language_is_one_of_the_site(settings, languages, text, expected):
    settings.LANGUAGES = [(code, code) for code in languages]
    settings.LANGUAGE_CODE = languages[0]
    settings.MODELTRANSLATION_LANGUAGES = languages
    assert guess_language(text) == expected


def test_the_confirmation_is_in_the_language_of_the_email():
    inquiry = receive(request("您好，请报价，谢谢", subject="询价"))
    assert inquiry.message == "询价\n\n您好，请报价，谢谢"
    assert "/zh-hans/inquiry/status/" in Email.objects.get(to="peter@example.com").message


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Peter Sample <peter@example.com>", "Peter Sample"),
        ('"Sample, Peter" <peter@example.com>', "Sample, Peter"),
        ("=?gb2312?B?1cXOsA==?= <peter@example.com>", "张伟"),
        ("peter.sample@example.com", "peter.sample"),
        ("peter@example.com (Peter Sample)", "Peter Sample"),
        (f"{'P' * 150} <peter@example.com>", "P" * 100),
    ],
)
def test_the_name_is_that_of_the_sender(sender, name):
    message = bytes(request()).replace(b"Peter Sample <peter@example.com>", sender.encode())
    assert process_message(message) is Outcome.CREATED
    inquiry = Inquiry.objects.get()
    inquiry.full_clean()
    assert inquiry.name == name


def test_attachments_are_saved_and_missing_ones_named():
    message = request("See the drawing.")
    picture = picture_file().read()
    message.add_attachment(picture, "image", "png", filename="drawing.png")
    message.add_attachment(b"MZ\x90", "application", "pdf", filename="run.exe")
    inquiry = receive(message)
    assert [file.name for file in inquiry.attachments.all()] == ["drawing.png"]
    assert inquiry.attachments.get().event.kind == "received"
    assert inquiry.message.startswith("Jaw crusher PE-600\n\nSee the drawing.\n\n")
    assert "“run.exe”" in inquiry.message


def test_a_forwarded_request_is_complete():
    text = "Can you do this?\n\n-----Original Message-----\nFrom: Anna\nSent: Monday\nTo: Peter\n"
    text += "Subject: Need\n\nTwo crushers.\n\n> And a screen."
    assert receive(request(text)).message == f"Jaw crusher PE-600\n\n{text}"


def test_a_long_text_is_complete_in_the_timeline(as_user):
    text = "word " * 3000 + "end"
    inquiry = receive(request(text))
    assert len(inquiry.message) == 5000
    assert inquiry.message.endswith("…")
    inquiry.full_clean()
    assert inquiry.events.first().quoted_text.endswith("word end")
    manager = as_user(make_user("Managers"))
    assert "word end" in manager.get(f"{LIST}{inquiry.pk}/change/").text


@pytest.mark.parametrize("subject", ["", "  "])
def test_an_empty_email_is_left_for_review(subject):
    assert process(request("", subject=subject)) is Outcome.UNMATCHED


def test_a_subject_alone_is_an_inquiry():
    assert receive(request("", subject="Price of PE-600?")).message == "Price of PE-600?"


def test_the_mailbox_marks_an_inquiry_as_read(settings, imap_server):
    settings.IMAP_URL = imap_server.url
    imap_server.add_message(request())
    imap_server.add_message(request(list_id="<news.example.net>"))
    imap_server.add_message(request(to="candy@example.com"))
    schedule.fetch_replies()
    assert Inquiry.objects.count() == 1
    assert len(imap_server.uids("SEEN")) == 1
    assert len(imap_server.uids("FLAGGED")) == 1
    assert len(imap_server.uids("UNSEEN UNFLAGGED")) == 1


def test_the_staff_works_with_an_inquiry_without_country_phone_and_products(as_user):
    inquiry = receive(request())
    candy = make_contact(name="Candy", user=make_user("Sales"))
    manager = as_user(make_user("Managers"))
    page = f"{LIST}{inquiry.pk}/change/"
    for path in (
        "/admin/",
        LIST,
        f"{LIST}?source__exact=email",
        page,
        f"{LIST}{inquiry.pk}/split/",
    ):
        assert manager.get(path).status_code == 200, path
    assert "E-mail" in manager.get(page).text
    assert "Confirmation sent" in manager.get(page).text
    [row] = export(manager)
    assert (row["source"], row["country"], row["products"]) == ("E-mail", "", "")
    form = {"contact": candy.pk, "answer": "It costs 5.", "new_status": "new"}
    assert manager.post(page, form).status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.assigned_to) == ("answered", candy)


def test_the_buyer_sees_an_inquiry_without_country_phone_and_products(visitor):
    inquiry = receive(request())
    assert "What does it cost?" in visitor.get(status_page_url(inquiry)).text


def test_the_regular_work_goes_on_with_inquiries_by_email():
    make_user("Managers", username="manager")
    inquiry = receive(request())
    Inquiry.objects.update(due_at=timezone.now() - timedelta(hours=1))
    schedule.send_reminders()
    assert Email.objects.filter(to="manager@example.com", subject__contains="overdue").exists()
    with export_personal_data("peter@example.com") as file:
        assert file.read()
    merged = merge_inquiries(inquiry, make_inquiry(), by=None)
    assert (merged, merged.source) == (inquiry, "email")


def test_the_company_email_may_be_empty():
    Company.objects.all().delete()
    receive(request())
