"""The time zone of every page, and the hosts that it may load programs from."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from contacts.analytics import find_analytics
from contacts.models import Company
from core.media import serve_media
from core.operations.views import alive, ready
from core.security_policy import allow

VIEWS_WITHOUT_TIMES = {alive, ready, serve_media}


class CompanyRequest(HttpRequest):
    """A request with the company, which the middleware has read for its time zone."""

    company: Company


class AnalyticsMiddleware(MiddlewareMixin):
    """Lets pages load the program that counts visitors, where `find_analytics` finds one."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        company: Company | None = getattr(request, "company", None)
        if company and (analytics := find_analytics(request, company)):
            allow(response, analytics.security_policy)
        return response


class CompanyTimeZoneMiddleware:
    """Shows and reads the times of all pages in the company's time zone.

    So an article has the same date in the admin, in an export and on its page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(None):  # restores the thread's zone afterwards
            return self.get_response(request)

    def process_view(
        self, request: CompanyRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Read the company once for the request, unless the view must work without a database."""
        if view not in VIEWS_WITHOUT_TIMES:
            request.company = Company.current()
            timezone.activate(request.company.zone)
