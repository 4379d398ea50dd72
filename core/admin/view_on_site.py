"""The "View on site" link of the admin."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from core.absolute_urls import absolute_url


def view_on_site(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    """Redirect to an object's page; raises Http404 unless the user may view it in the admin.

    Django's own view would show the URL, and so the title, of any draft to any member of staff, and
    would redirect to the host of the site row instead of SITE_URL.
    """
    model = get_object_or_404(ContentType, pk=content_type_id).model_class()
    if model is None or not admin.site.is_registered(model):
        raise Http404
    model_admin = admin.site.get_model_admin(model)
    row = model_admin.get_object(request, object_id)
    if row is None or not model_admin.has_view_permission(request, row):
        raise Http404
    if not hasattr(row, "get_absolute_url"):
        raise Http404
    return redirect(absolute_url(row.get_absolute_url()))
