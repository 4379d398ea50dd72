"""Marks in an e-mail's HTML where the sender's program says that a quotation begins."""

import re

QUOTATION_MARK = "\ufdd0"  # Unicode keeps it free for use inside of programs
MARKERS = [
    "gmail_quote",  # Gmail
    "divRplyFwdMsg",  # Outlook
    "appendonsend",
    "OLK_SRC_BODY_SECTION",
    "mail-editor-reference-message-container",
    "moz-cite-prefix",  # Thunderbird
    "yahoo_quoted",  # Yahoo
    r"\w{1,20}yahoo_quoted",
    "protonmail_quote",
    "zmail_extra",  # Zoho
    "ntes-pcmac-quote",  # 163
    "ntes-flyquote",
    "isReplyContent",
    "qm_bigsize",  # QQ
    "replyintro",  # Naver
    "__QUOTED_TEXT__",  # Zimbra
]
TAG = re.compile(r"<(?:div|span|blockquote|table|hr|p|section)\b[^<>]{1,500}>", re.IGNORECASE)
MARKER = re.compile(rf"[\"'\s=](?:{'|'.join(MARKERS)})[\"'\s>]", re.IGNORECASE)


def mark_quotations(html: str) -> str:
    """`html` with QUOTATION_MARK on a line of its own before each marked quotation."""
    return TAG.sub(_mark, html.replace(QUOTATION_MARK, ""))


def _mark(tag: re.Match[str]) -> str:
    return f"<br>{QUOTATION_MARK}<br>{tag[0]}" if MARKER.search(tag[0]) else tag[0]
