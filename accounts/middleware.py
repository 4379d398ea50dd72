"""Sends those who need a second factor to the page where they set it up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.services.second_factor import must_set_up_second_factor

# What works without a second factor: to set it up, to log out, and the states of the server.
OPEN_VIEWS = {"second_factor", "admin:logout", "admin:jsi18n", "healthz", "readyz"}


class SecondFactorMiddleware:
    """Redirects every request of a user whose role requires a second factor that is not set up.

    It runs for all views, so that none can be forgotten. The session is only read if there is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if (
            not settings.SECOND_FACTOR_REQUIRED
            or settings.SESSION_COOKIE_NAME not in request.COOKIES
            or (match and match.view_name in OPEN_VIEWS)
            or request.user.is_anonymous
            or not must_set_up_second_factor(request.user)
        ):
            return None
        return redirect("second_factor")
