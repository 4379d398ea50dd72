"""`{{ article.body|richtext }}`: rich text as safe HTML."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.richtext.cleaning import clean_html
from core.richtext.tables import make_scrollable

register = template.Library()


@register.filter
def richtext(html: str | None) -> SafeString:
    """`html`, cleaned again, because the rules may have changed since it was saved."""
    return mark_safe(make_scrollable(clean_html(html or "")))  # noqa: S308 -- cleaned
