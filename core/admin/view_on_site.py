"""From a row in the admin to its page on the site."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404


def view_on_site(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    """Where the admin's "View on site" leads; 404 for what the reader may not see in the admin.

    Django's own view would tell any of the staff the address, and so the title, of any draft.
    """
    model = get_object_or_404(ContentType, pk=content_type_id).model_class()
    if model is None or not admin.site.is_registered(model):
        raise Http404
    model_admin = admin.site.get_model_admin(model)
    row = model_admin.get_object(request, object_id)
    if row is None or not model_admin.has_view_permission(request, row):
        raise Http404
    return shortcut(request, content_type_id, object_id)
