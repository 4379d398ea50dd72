"""`{{ article.body|richtext }}`: rich text as safe HTML."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.richtext.cleaning import clean_html

register = template.Library()


@register.filter
def richtext(html: str | None) -> SafeString:
    """`html`, cleaned again, because the rules may have changed since it was saved."""
    return mark_safe(clean_html(html)) if html else mark_safe("")  # noqa: S308 -- cleaned
