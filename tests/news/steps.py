"""What editors do again and again."""

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms import CheckboxInput, FileInput
from django.http import HttpResponse
from django.test import Client

from news.models import Article

ADD = "/admin/news/article/add/"


def address(article: Article, page: str = "change") -> str:
    return f"/admin/news/article/{article.pk}/{page}/"


def as_sent(response: HttpResponse) -> dict[str, Any]:
    """What a browser sends of the form in `response` where nobody touched it."""
    data: dict[str, Any] = {}
    for bound in response.context["adminform"].form:
        widget, value = bound.field.widget, bound.value()
        if bound.field.disabled or isinstance(widget, FileInput) or bound.name == "save_anyway":
            continue
        if isinstance(widget, AdminSplitDateTime):
            for part in widget.get_context(bound.html_name, value, {})["widget"]["subwidgets"]:
                data[part["name"]] = part["value"] or ""
        elif isinstance(widget, CheckboxInput):
            data |= {bound.html_name: "on"} if value else {}
        elif isinstance(value, list):
            data[bound.html_name] = [getattr(each, "pk", each) for each in value]
        elif value is not None:
            data[bound.html_name] = value
    return data


def edit(client: Client, article: Article, **fields: Any) -> HttpResponse:
    """Open the form, type `fields` and send it; the page that comes where it is sent back."""
    sent = as_sent(client.get(address(article))) | fields
    return client.post(address(article), sent)
