"""Times by the company's clock, as deadlines are reckoned."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone

from contacts.models import Company


def by_company_clock(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view` with every time in the company's zone, on the page that it renders as well."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(Company.get_solo().zone):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, TemplateResponse) else response

    return wrapped


class CompanyTime(admin.ModelAdmin):
    """An admin whose every page goes by the company's clock; it stands first among the bases."""

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        for url in urls:
            url.callback = by_company_clock(url.callback)
        return urls
