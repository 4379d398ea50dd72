"""The site's addresses, and one more that answers a constant: the fastest that Django can be."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site

BODY = b"x" * 8192


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("constant", constant), *site]
