"""Parsing e-mails and separating quotations."""

from email.message import EmailMessage

import pytest

from core.text.html import html_to_lines
from inquiries.inbound_mail.html_quotations import mark_quotations
from inquiries.inbound_mail.message import parse_message
from inquiries.inbound_mail.quotations import is_forward, split_quotation
from tests.cases import read_cases
from tests.inquiries.inbound_messages import mail
from tests.timing import assert_linear

REFERENCE, ADDRESS = "ABCD2345", "noreply@shop.example"
OWN_TEXTS = [REFERENCE, ADDRESS, "/inquiry/status/"]
CANDY = f"Candy at Example <{ADDRESS}>"


PROGRAMS = read_cases("mail/quotations.json")
SIGNATURES = read_cases("mail/signatures.json")
OWN_TEXTS_OF_BUYERS = read_cases("mail/own-texts.json")


@pytest.mark.parametrize("case", PROGRAMS, ids=lambda case: case["program"])
def test_the_quotation_of_each_email_program_is_separated(case):
    new, quotation = "Yes, please.\n\nFive pieces:\nblue", "\n".join(case["quotation"])
    assert split_quotation(f"{new}\n\n{quotation}\n", OWN_TEXTS) == (new, quotation)
    windows = f"{new}\n\n{quotation}\n".replace("\n", "\r\n")
    assert split_quotation(windows, OWN_TEXTS) == (new, quotation)


@pytest.mark.parametrize("case", SIGNATURES, ids=lambda case: case["program"])
def test_a_signature_is_no_quotation(case):
    new, quotation = "\n".join(case["new"]), "\n".join(case["quotation"])
    assert split_quotation(new, OWN_TEXTS) == (new, "")
    assert split_quotation(f"{new}\n\n{quotation}", OWN_TEXTS) == (new, quotation)


@pytest.mark.parametrize("case", OWN_TEXTS_OF_BUYERS, ids=lambda case: case["name"])
def test_what_may_be_the_buyers_own_text_is_shown(case):
    text = "\n".join(case["text"])
    assert split_quotation(text, OWN_TEXTS) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "Just one line",
        "> Which colour?\n> How many?\n\nBlue, five.",
        "Ship to:\n\nName: Peter\nCompany: Sample GmbH\nE-mail: p@example.com\n\nThanks",
        f"Our order for {REFERENCE}:\nModel: X5\nPower: 5 kW",
        "> only\n> a quotation",
        "Thanks,\n-- \nPeter\n+49 123",
        "",
        ":",
    ],
)
def test_uncertain_quotations_are_not_cut(text):
    assert split_quotation(text, OWN_TEXTS) == (text, "")


def test_quoted_lines_are_recognized_by_an_earlier_text():
    quotation = "> It costs 5 a piece, and\n>  we ship it in May.\n>"
    earlier = ["Hello", "Dear Peter,\nIt costs 5 a piece, and we\nship it in May. Regards"]
    assert split_quotation(f"Five.\n\n{quotation}", OWN_TEXTS, earlier) == ("Five.", quotation)
    own_list = "We need:\n> 2 crushers\n> 1 screen\n> 5\n> May"
    assert split_quotation(own_list, OWN_TEXTS, earlier) == (own_list, "")


@pytest.mark.parametrize("subject", ["Fwd: x", "FW: x", "WG: x", "TR : x", "转发：x", "Fw[2]: x"])
def test_a_forwarded_email_is_recognized_by_its_subject(subject):
    assert is_forward(subject)
    assert not is_forward(f"Re: {subject}")


@pytest.mark.parametrize("subject", ["", "Free", "Inquiry: x", "Tractor: x", "RE: Fwd: x"])
def test_other_subjects_are_not_of_forwarded_emails(subject):
    assert not is_forward(subject)


@pytest.mark.parametrize(
    "line",
    [
        *["On " + "a " * 20_000, "From: x", "> a", "a:", "- " * 20_000, "1234:", "", "-" * 50_000],
        *["12:34 2026 a@b.example:", "Date: 12 May 2026 10:00", "> 2026 10:00 a@b.example:"],
        *["12:34 2026 " + "a@" * 240 + ":", "2026 10:00 <" + " skrev " * 60 + ">:", "\ufdfd" * 400],
        *["2026 09:12 wrote (" * 25 + ":", "forwarded:", "> > a", "| From |"],
    ],
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
    assert_linear(html_to_lines, piece * 20_000, piece * 40_000)


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


INTRODUCTION = "Kandy nan imel:"  # in a language that no rule knows
HTML_QUOTATIONS = {
    "Gmail": f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    f'{INTRODUCTION}<br></div><blockquote class="gmail_quote">Five?</blockquote></div>',
    "Outlook": '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><b>X:</b> Candy'
    "<br><b>Y:</b> 25 Nov</div><div>Five?</div>",
    "Outlook for Mac": '<span id="OLK_SRC_BODY_SECTION"><div>X: Candy</div><p>Five?</p></span>',
    "Thunderbird": f'<div class="moz-cite-prefix">{INTRODUCTION}<br></div>'
    "<blockquote type=cite>Five?</blockquote>",
    "Yahoo": f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div>{INTRODUCTION}</div>Five?</div>',
    "163": f"<div id='ntes-pcmac-quote'>{INTRODUCTION}<table><tr><td>X</table>Five?</div>",
    "QQ": '<div style="font-size: 12px;">------------------&nbsp;原始邮件&nbsp;------------------'
    f'</div><div><b>发件人:</b>&nbsp;"Candy"&lt;{ADDRESS}&gt;;</div><div><b>发送时间:</b>&nbsp;'
    "2026年11月25日 上午9:12</div><div><b>收件人:</b>&nbsp;peter</div>"
    "<div><b>主题:</b>&nbsp;Re</div><div>Five?</div>",
    "Outlook by its headers": f"<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:"
    f"</b> {CANDY.replace('<', '&lt;')}<br><b>Sent:</b> Wednesday, November 25, 2026 9:12 AM<br>"
    f"<b>To:</b> Peter<br><b>Subject:</b> Re: {REFERENCE}</p></div><p>Five?</p>",
}


def split_html(html: str) -> tuple[str, str]:
    message = parse_message(bytes(html_mail(html)))
    return split_quotation(message.text, OWN_TEXTS, marked_at=message.quotation_start)


@pytest.mark.parametrize("program", HTML_QUOTATIONS)
def test_a_quotation_is_separated_where_a_program_marks_it_in_html(program):
    new, quotation = split_html(
        f"<div>Yes,<br>five.</div><div><br></div>{HTML_QUOTATIONS[program]}"
    )
    assert new == "Yes,\nfive."
    assert quotation.endswith("Five?")


def test_the_text_of_html_has_no_trace_of_the_mark():
    message = parse_message(bytes(html_mail(f"<p>\ufdd0Yes{HTML_QUOTATIONS['Yahoo']}")))
    assert message.text == f"Yes\n\n{INTRODUCTION}\nFive?"
    assert parse_message(bytes(mail("Y\ufdd0es"))).text == "Yes"


def test_what_a_program_marks_in_html_is_shown_if_it_may_be_new():
    answers = (
        "<blockquote>Colour?</blockquote><p>Blue.</p><blockquote>Size?</blockquote><p>Five.</p>"
    )
    forwarded = "---------- Forwarded message ---------<br>From: Bob<br><br>The slab is 4 m wide."
    for inner in (answers, forwarded, f"<br><br>{forwarded}"):
        new, quotation = split_html(f'<p>See below.</p><div class="gmail_quote">{inner}</div>')
        assert new.startswith("See below.")
        assert not quotation
    only = '<div class="gmail_quote"><blockquote>Five?</blockquote></div>'
    assert split_html(only) == ("> Five?", "")


@pytest.mark.parametrize("piece", ["<div ", "<div id=x ", "<div class='gmail_quote'>", "<hr "])
def test_no_html_takes_long_to_mark(piece):
    assert_linear(mark_quotations, piece * 10_000, piece * 20_000)


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
