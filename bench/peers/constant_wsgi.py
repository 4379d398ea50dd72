"""A Django project in one file whose only view returns a constant: what Django costs at least."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench import article

CONTENT = article.body(article.MEASURED)

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__)


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONTENT)


urlpatterns = [path("", constant)]
application = get_wsgi_application()
