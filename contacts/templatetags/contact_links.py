"""`{% contacts_aside %}`: the company and its contacts beside a page."""

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django import template
from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from contacts.models import Company, Contact
from core.replica import main_reads

register = template.Library()

LIFETIME = 900  # seconds
# Stand for the product and the message in links until both are known. They have no characters
# that a URL would escape.
PRODUCT_SLUG, CHAT_TEXT = secrets.token_hex(8), secrets.token_hex(8)


@register.simple_tag(takes_context=True)
def contacts_aside(
    context: Any, product_slug: str = "", chat_text: str = "", responsible: Sequence[int] = ()
) -> SafeString:
    """The company and the cards of its contacts, without what changes by the hour.

    If contacts are `responsible` for the page, their short cards come first, and the others are
    behind a link. The links of the cards lead to an inquiry about the product with this slug, and
    to chats that begin with `chat_text`. The rest is rendered once a day in each language and
    version.
    """
    key = make_template_fragment_key(
        "contacts",
        [context["site_version"], get_language(), context["company"].today, *responsible],
    )
    html = str(caches["fragments"].get_or_set(key, lambda: _render(context, responsible), LIFETIME))
    product = f"&amp;product={escape(product_slug)}" if product_slug else ""
    chat = f"?text={quote(chat_text, safe='')}" if chat_text else ""
    return mark_safe(  # noqa: S308 -- escaped
        html.replace(f"&amp;product={PRODUCT_SLUG}", product).replace(f"?text={CHAT_TEXT}", chat)
    )


@register.simple_tag
def chat_links(company: Company) -> list[tuple[str, str]]:
    """Name and URL of each chat: WhatsApp of the first contact who has it, and Skype."""
    with main_reads():  # for a part of pages, which is kept until the next change
        contacts = list(Contact.objects.active().filter(whatsapp=True)[:5])
    urls = (contact.get_whatsapp_url(company) for contact in contacts)
    links = [("WhatsApp", url) for url in urls if url][:1]
    if company.skype:
        links.append(("Skype", f"skype:{quote(company.skype, safe=':')}?chat"))
    return links


def _render(context: Any, responsible: Sequence[int]) -> str:
    cards = [card for card in context["contact_cards"] if card.contact.pk in responsible]
    values = {
        "short_cards": sorted(cards, key=lambda card: responsible.index(card.contact.pk)),
        "company": context["company"],
        "contact_cards": context["contact_cards"],
        "site_version": context["site_version"],
        "without_hours": True,
        "product_slug": PRODUCT_SLUG,
        "chat_text": CHAT_TEXT,
    }
    return render_to_string("contacts/_contacts.html", values)
