"""The tags of `i18n` and `static`, and `{% url %}`, without work for constant arguments.

They are built into every template. What `{% translate "News" %}` and `{% url "news:list" %}` return
is found once in each language; Django finds it again each time, in 10 to 25 microseconds.
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Node, Parser, Token
from django.template.defaulttags import url
from django.templatetags import i18n, static
from django.urls import get_script_prefix
from django.utils.translation import get_language

register = template.Library()
register.filters |= i18n.register.filters
register.tags |= i18n.register.tags | static.register.tags


class ConstantNode(Node):
    """Renders the `node` of a tag once, or once sets the `variable` of the tag."""

    child_nodelists = ()

    def __init__(self, node: Node, variable: str) -> None:
        self.node = node
        self.variable = variable
        self.values: dict[tuple[str | None, str], Any] = {}

    def render(self, context: template.Context) -> Any:
        key = get_language(), get_script_prefix()
        value = self.values.get(key)
        if value is None:
            value = self.node.render(context)
            self.values[key] = value = context[self.variable] if self.variable else value
        if not self.variable:
            return value
        context[self.variable] = value
        return ""


def remembering(
    compile_tag: Callable[[Parser, Token], Node],
) -> Callable[[Parser, Token], Node]:
    def compile_remembering(parser: Parser, token: Token) -> Node:
        node = compile_tag(parser, token)
        if settings.DEBUG:
            return node  # translations change without a restart
        match token.split_contents():
            case [_, argument]:
                return ConstantNode(node, "") if _is_constant(argument) else node
            case [_, argument, "as", variable]:
                return ConstantNode(node, variable) if _is_constant(argument) else node
        return node

    return compile_remembering


def _is_constant(argument: str) -> bool:
    """Whether it is a string, and no view of the admin, of which there may be several."""
    return argument[0] in "\"'" and "|" not in argument and not argument[1:].startswith("admin:")


for name, compile_tag in {
    "translate": i18n.do_translate,
    "trans": i18n.do_translate,
    "static": static.do_static,
    "url": url,
}.items():
    register.tag(name, remembering(compile_tag))
