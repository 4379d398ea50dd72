"""Staff pages in addition to Django's change forms: functions with the admin's layout."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request of a logged-in member of staff: what a view behind `staff_view` receives."""

    user: User


def staff_view(*, permission: str = "", model: type[Model] | None = None) -> Callable[[View], View]:
    """Turn a function into a page of the admin for staff with `permission`, by default all staff.

    With `model`, the object with the URL's `pk` is looked up in `model.objects.visible_to(user)`
    and passed to the function. A `TemplateResponse` gets the context that the admin's own
    templates need.

    An anonymous visitor is sent to the log-in page. Raises PermissionDenied without the
    permission, and Http404 for an object that the user may not see.
    """

    def decorate(view: View) -> View:
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if permission and not request.user.has_perm(permission):
                raise PermissionDenied
            if model:
                args = (_visible_object(model, request.user, kwargs.pop("pk")), *args)
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                _add_admin_context(response, request, model)
            return response

        # The admin site is not set up yet when this module is imported.
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return admin.site.admin_view(checked)(request, *args, **kwargs)

        return page

    return decorate


def _visible_object(model: Any, user: User, pk: int) -> Model:
    if pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    found: Model = get_object_or_404(model.objects.visible_to(user), pk=pk)
    return found


def _add_admin_context(
    response: TemplateResponse, request: HttpRequest, model: type[Model] | None
) -> None:
    context = admin.site.each_context(request)
    if model:
        context["opts"] = model._meta
    response.context_data = {**context, **(response.context_data or {})}
