"""Helpers for tests of the articles' form in the admin."""

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms import CheckboxInput, FileInput
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from contacts.models import Company
from news.models import Article

ADD_URL = "/admin/news/article/add/"


def admin_url(article: Article, page: str = "change") -> str:
    return f"/admin/news/article/{article.pk}/{page}/"


def form_data(response: HttpResponse) -> dict[str, Any]:
    """The data that a browser sends for the unchanged form in `response`."""
    with timezone.override(Company.get_solo().zone):
        return _form_data(response)


def _form_data(response: HttpResponse) -> dict[str, Any]:
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


def edit_article(client: Client, article: Article, **fields: Any) -> HttpResponse:
    """Open the form, change `fields` and submit it; returns the response to the POST request."""
    sent = form_data(client.get(admin_url(article))) | fields
    return client.post(admin_url(article), sent)


def new_article_data(client: Client, **fields: Any) -> dict[str, Any]:
    """The data of the form for a new article, with a title and `fields`."""
    return form_data(client.get(ADD_URL)) | {"title_en": "A new crusher", **fields}


def form_errors(response: HttpResponse) -> dict[str, list[str]]:
    return response.context["adminform"].form.errors
