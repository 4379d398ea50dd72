"""Staff pages beside Django's change forms: plain functions inside the admin's frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

MAX_DATABASE_INTEGER = 2**63 - 1

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request of a logged-in member of staff: what a view behind `staff_view` receives."""

    user: User


def staff_view(*, permission: str, model: type[Model] | None = None) -> Callable[[View], View]:
    """Turn a function into a page of the admin for staff with `permission`.

    With `model`, the URL's `pk` reaches the function as the object, which it looks up through
    `model.objects.visible_to(user)`. A `TemplateResponse` is given the context that the admin's
    own templates need.

    An anonymous visitor is sent to the log-in page. Raises PermissionDenied without the
    permission, and Http404 for an object that the user may not see.
    """

    def decorate(view: View) -> View:
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            if model:
                args = (_visible_object(model, request.user, kwargs.pop("pk")), *args)
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                _add_frame(response, request, model)
            return response

        # The site is looked up per request: URLs are imported before it is set up.
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return admin.site.admin_view(checked)(request, *args, **kwargs)

        return page

    return decorate


def _visible_object(model: Any, user: User, pk: int) -> Model:
    if pk > MAX_DATABASE_INTEGER:
        raise Http404
    found: Model = get_object_or_404(model.objects.visible_to(user), pk=pk)
    return found


def _add_frame(response: TemplateResponse, request: HttpRequest, model: type[Model] | None) -> None:
    frame = admin.site.each_context(request)
    if model:
        frame["opts"] = model._meta
    response.context_data = {**frame, **(response.context_data or {})}
