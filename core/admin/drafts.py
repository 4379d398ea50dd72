"""Unsaved text that static/admin/drafts.js stores in the browser: deleted once it is saved."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

DRAFT_ID = re.compile(r"[a-z0-9-]{8,40}")


def with_saved_draft(view: View) -> View:
    """Name the submitted draft in a cookie if the view has saved the form.

    static/admin/draft_storage.js then deletes it.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        draft = request.POST.get("draft_id", "") if request.method == "POST" else ""
        if DRAFT_ID.fullmatch(draft) and _is_saved(response):
            response.set_cookie(
                settings.SAVED_DRAFT_COOKIE_NAME,
                draft,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    return cast(View, page)


def _is_saved(response: HttpResponseBase) -> bool:
    """Whether this response to a form means that it was saved.

    Django redirects to the admin's first page if the object has been deleted in the meantime.
    """
    if isinstance(response, HttpResponseRedirect):
        return response.url != reverse("admin:index")
    if isinstance(response, TemplateResponse):
        return "popup_response_data" in (response.context_data or {})
    return False
