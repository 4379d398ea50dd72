"""`{% csrf_token %}`, built into every template: in the admin it also names the user."""

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.csrf import OWNER_FIELD, is_staff_page, owner_token

register = template.Library()


class FormOwnerNode(CsrfTokenNode):
    def render(self, context: template.Context) -> SafeString:
        token = SafeString(super().render(context))
        request = context.get("request")
        if not token or request is None or not is_staff_page(request):
            return token
        if not getattr(request, "user", None) or not request.user.is_authenticated:
            return token
        field = '{}<input type="hidden" name="{}" value="{}">'
        return SafeString(format_html(field, token, OWNER_FIELD, owner_token(request.user)))


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormOwnerNode:
    return FormOwnerNode()
