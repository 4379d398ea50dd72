"""The site's URLs, with views that are slow and large."""

import os
import time

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as site


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(2)
    return HttpResponse("done")


@csrf_exempt
def size(request: HttpRequest) -> HttpResponse:
    """The size of the request's file."""
    return HttpResponse(str(request.FILES["file"].size))


def large(request: HttpRequest) -> FileResponse:
    return FileResponse(open(os.environ["LARGE_FILE"], "rb"))


urlpatterns = [path("slow", slow), path("size", size), path("large", large), *site]
