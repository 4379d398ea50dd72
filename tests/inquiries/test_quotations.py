"""Parsing e-mails and separating quotations."""

from email.message import EmailMessage

import pytest

from core.text.html import html_to_lines
from inquiries.inbound_mail.message import parse_message
from inquiries.inbound_mail.quotations import split_quotation
from tests.inquiries.inbound_messages import mail
from tests.timing import assert_linear

REFERENCE, ADDRESS = "ABCD2345", "noreply@shop.example"
OWN_TEXTS = [REFERENCE, ADDRESS]
CANDY = f"Candy at Example <{ADDRESS}>"


def outlook_headers(*names: str) -> str:
    """The headers of our e-mail as Outlook quotes them; `names` are their translated names."""
    values = [
        CANDY,
        "2026-11-25 09:12",
        "Peter <peter@example.com>",
        f"Re: Your inquiry {REFERENCE}",
    ]
    return "\n".join(f"{name}: {text}" for name, text in zip(names, values, strict=True))


QUOTED = "\n\n> Dear Peter,\n> it costs 5.\n>\n> --\n> Candy"
PLAIN = "\n\nDear Peter,\nit costs 5."
ENGLISH = outlook_headers("From", "Sent", "To", "Subject")
CHINESE = outlook_headers("发件人", "发送时间", "收件人", "主题")
PROGRAMS = {
    "Gmail, English": f"On Wed, Nov 25, 2026 at 9:12 AM Candy <\n{ADDRESS}> wrote:{QUOTED}",
    "Gmail, Chinese": f"{CANDY} 于2026年11月25日周三 09:12写道：{QUOTED}",
    "Gmail, Arabic": f"في الأربعاء، ٢٥ نوفمبر ٢٠٢٦ في ٩:١٢ ص تمت كتابة ما يلي بواسطة Candy "
    f"<\n{ADDRESS}>:{QUOTED}",
    "Gmail, German": f"Am Mi., 25. Nov. 2026 um 09:12 Uhr schrieb Candy <\n{ADDRESS}>:{QUOTED}",
    "Gmail, French": f"Le mer. 25 nov. 2026 à 09:12, {CANDY} a\nécrit :{QUOTED}",
    "Gmail, Spanish": f"El mié, 25 nov 2026 a las 9:12, Candy (<{ADDRESS}>)\nescribió:{QUOTED}",
    "Gmail, Japanese": f"2026年11月25日(水) 9:12 {CANDY}:{QUOTED}",
    "Apple Mail": f"> On 25 Nov 2026, at 09:12, {CANDY} wrote:\n> \n> Dear Peter",
    "Thunderbird": "On 25/11/2026 09:12, Candy at Example wrote:\n> Dear Peter,\n> it costs 5.",
    "163.com": f'At 2026-11-25 09:12:00, "Candy" <{ADDRESS}> wrote:\n>您好\n>价格',
    "Yahoo": f"On Wednesday, November 25, 2026 at 09:12:00 AM GMT, {CANDY} wrote:{PLAIN}",
    "Outlook, English": ENGLISH + PLAIN,
    "Outlook, German": outlook_headers("Von", "Gesendet", "An", "Betreff") + PLAIN,
    "Outlook, French": outlook_headers("De ", "Envoyé ", "À ", "Objet ") + PLAIN,
    "Outlook, Spanish": outlook_headers("De", "Enviado", "Para", "Asunto") + PLAIN,
    "Outlook, Arabic": outlook_headers("من", "تم الإرسال", "إلى", "الموضوع") + PLAIN,
    "Outlook, Chinese": CHINESE + PLAIN,
    "Outlook on a phone": f"{'_' * 32}\n{ENGLISH}{PLAIN}",
    "Outlook, bold": ENGLISH.replace("From:", "*From:*").replace("Sent:", "*Sent:*") + PLAIN,
    "Old Outlook": f"-----Original Message-----\n{ENGLISH}{PLAIN}",
    "QQ Mail": f"------------------ 原始邮件 ------------------\n{CHINESE}",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_quotation_of_each_email_program_is_separated(program):
    new = "Yes, please.\n\nFive pieces:\nblue"
    assert split_quotation(f"{new}\n\n{PROGRAMS[program]}\n", OWN_TEXTS) == (
        new,
        PROGRAMS[program],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Just one line",
        f"On 25/11/2026 09:12, {CANDY} wrote:\n> Which colour?\nBlue.\n> How many?\nFive.",
        "> Which colour?\n> How many?\n\nBlue, five.",
        "Ship to:\n\nName: Peter\nCompany: Sample GmbH\nE-mail: p@example.com\n\nThanks",
        "On Monday 5 May 2026 our boss wrote:\nwe need 5 pieces.",
        "First part\n--------------------\nSecond: 5\nthird",
        f"Our order for {REFERENCE}:\nModel: X5\nPower: 5 kW",
        "> only\n> a quotation",
        "Thanks,\n-- \nPeter\n+49 123",
    ],
)
def test_uncertain_quotations_are_not_cut(text):
    assert split_quotation(text, OWN_TEXTS) == (text, "")


@pytest.mark.parametrize(
    "line",
    ["On " + "a " * 20_000, "From: x", "> a", "a:", "- " * 20_000, "1234:", "", "-" * 50_000],
)
def test_no_text_takes_long_to_split(line):
    text = "\n".join([line] * 10_000)[:200_000]
    assert_linear(lambda text: split_quotation(text, OWN_TEXTS), text[: len(text) // 2], text)


def test_html_becomes_text_with_marked_quotations():
    html = """<html><head><title>x</title><style>p {}</style></head><body dir=rtl>
    <p>Yes,&nbsp;<b>five</b> of <a href="https://shop.example/drill">this</a>.</p>
    <div>Blue<br>or red<br><br>Thanks &lt;3</div><script>alert(1)</script>
    <table><tr><td>Width</td><td>3 m</td></tr></table><img src="https://track.example/x.gif">
    <blockquote type="cite"><div>Dear Peter</div><blockquote>first</blockquote></blockquote>"""
    assert html_to_lines(html) == (
        "Yes, five of this <https://shop.example/drill>.\n\nBlue\nor red\n\nThanks <3\n\n"
        "Width 3 m\n\n> Dear Peter\n> > first"
    )


def test_deep_and_long_html_is_limited():
    assert html_to_lines("<div>" * 30_000 + "deep &amp; dark") == "deep & dark"
    assert len(html_to_lines("<b>x</b> " * 1_000_000)) < 300_000
    assert html_to_lines("<head><title>x</title><body>text") == "text"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a x='", "<", "<div>", "<p>", "&"])
def test_no_html_takes_long_to_read(piece):
    assert_linear(html_to_lines, piece * 50_000, piece * 100_000)


@pytest.mark.parametrize("value", ["a=b;", ";", '"', "(", '\\"', "filename*0=a;"])
def test_no_header_takes_long_to_parse(value):
    def parse_raw(raw: bytes) -> None:
        assert parse_message(raw).sender == "p@example.com"

    for start in ('text/plain; x="', "text/plain; "):
        once, twice = (
            f"From: p@example.com\nContent-Type: {start}{value * times}\n\nText".encode()
            for times in (50_000, 100_000)
        )
        assert_linear(parse_raw, once, twice)


def html_mail(html: str) -> EmailMessage:
    message = mail()
    message.set_content(html, subtype="html")
    return message


def test_an_email_with_html_only_is_read():
    html = f"<p>Sí.</p><div>El mié, 25 nov 2026, {CANDY.replace('<', '&lt;')} escribió:<br></div>"
    text = parse_message(bytes(html_mail(f"{html}<blockquote>Hola</blockquote>"))).text
    assert split_quotation(text, OWN_TEXTS)[0] == "Sí."


def test_plain_text_is_preferred_and_other_parts_are_kept():
    message = mail("Plain")
    message.add_alternative("<p>Page", "html")
    message.add_attachment("A list", filename="list.txt")
    message.add_attachment("Text below the file", disposition="inline")
    parsed = parse_message(bytes(message))
    assert parsed.text == "Plain\n\n\nText below the file"
    assert [file.name for file in parsed.files] == ["list.txt"]


def test_html_with_a_plain_footer_keeps_both():
    message = html_mail("<p>Page")
    message.add_attachment("Sent through a list", disposition="inline")
    assert parse_message(bytes(message)).text == "Page\n\nSent through a list"


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("gb2312", "价格 镕".encode("gbk")),
        ("windows-1256", "السعر".encode("windows-1256")),
        ("ISO-8859-1", "Preis 5 €".encode("cp1252")),
        ("utf-8", "Größe".encode("latin-1")),
        ("no-such-charset", "Größe".encode()),
        ("utf-8", b"a\x00b\x1b[31m"),
    ],
)
def test_all_character_sets_are_decoded_without_control_characters(charset, encoded):
    raw = f"From: p@example.com\nContent-Type: text/plain; charset={charset}\n\n".encode() + encoded
    text = parse_message(raw).text
    expected = {"gb2312": "价格 镕", "windows-1256": "السعر", "ISO-8859-1": "Preis 5 €"}
    assert text == expected.get(charset, "ab[31m" if b"\0" in encoded else "Größe")


def test_headers_are_parsed_in_all_notations():
    raw = (
        b"From: =?gb2312?B?wO7D9w==?= <li@example.com>\r\n"
        b"Subject: Gr\xc3\xb6\xc3\x9fe =?x?b?!?=\r\n"
        b"Message-ID: <a@example.com> trailing\r\nReferences: <1@x>\r\n\t<2@x> nonsense\r\n"
        b"In-Reply-To: Your mail of Monday <3@x>\r\n\r\n"
    )
    parsed = parse_message(raw)
    assert (parsed.sender, parsed.sender_name) == ("li@example.com", "李明")
    assert parsed.subject.startswith("Größe")
    assert parsed.message_id == "<a@example.com>"
    assert parsed.referenced_ids == ["<3@x>", "<2@x>", "<1@x>"]
