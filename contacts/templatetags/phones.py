"""`{{ contact.phone|tel }}`: a number as a `tel:` link needs it."""

import re

from django import template

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """The digits of `number` behind its leading plus; an extension as RFC 3966 has it."""
    main, *extension = re.split(r"ext|x", number, flags=re.IGNORECASE)
    plus = "+" if main.strip().startswith("+") else ""
    digits = plus + re.sub(r"[^0-9]", "", main)
    return ";ext=".join([digits, *(re.sub(r"[^0-9]", "", part) for part in extension)])
