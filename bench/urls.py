"""The site's URLs and a view that returns a constant: the upper limit for Django."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site

CONTENT = b"x" * 8192


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONTENT)


urlpatterns = [path("constant", constant), *site]
