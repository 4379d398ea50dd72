"""Filters of the templates of blocks."""

from django import template
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.safestring import SafeString

from core.page_urls import page_url
from core.structured_data import json_ld
from core.text.html import html_to_text

register = template.Library()


@register.filter
def local_url(link: str) -> str:
    """A link that an editor typed, in the active language if it is the path of a public page."""
    if not link.startswith("/"):
        return link
    start = link[1:].partition("/")[0]
    others = {"media", "static", settings.ADMIN_PATH, *dict(settings.LANGUAGES)}
    return link if start in others else f"{page_url('home')}{link[1:]}"


@register.filter
def file_url(name: str) -> str:
    """The URL of an uploaded file."""
    return str(default_storage.url(name))


@register.simple_tag
def faq_data(entries: list[dict[str, str]]) -> SafeString | str:
    """The questions and answers as JSON-LD, for search engines."""
    questions = [
        {
            "@type": "Question",
            "name": entry["question"],
            "acceptedAnswer": {"@type": "Answer", "text": html_to_text(entry["answer"])},
        }
        for entry in entries
        if entry["question"] and entry["answer"]
    ]
    return json_ld({"@type": "FAQPage", "mainEntity": questions}) if questions else ""
