"""Forms that cannot be saved, without a valid CSRF token or log-in or after an error of the site:
shown again, instead of lost.

A form of the staff names its user in a signed field, so that what one user has typed is never saved
under the name of another, who has logged in since in the same browser.
"""

import logging

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.defaults import server_error

from core.http import is_same_origin, logged_in_user
from core.uploads.forms import SUFFIX, staff_scope
from core.uploads.services import store_upload

MAX_HIDDEN_FIELDS = 2000
OWNER_FIELD = "form_owner"

logger = logging.getLogger(__name__)

signer = signing.Signer(salt="core.csrf.owner")


def owner_token(user: AbstractBaseUser | AnonymousUser) -> str:
    """The value of OWNER_FIELD in the forms that `user` opens."""
    return signer.sign(str(user.pk))


def is_of_another_user(request: HttpRequest) -> bool:
    """Whether another user than the one who is logged in has opened the form."""
    token = request.POST.get(OWNER_FIELD)
    return bool(token) and request.user.is_authenticated and token != owner_token(request.user)


def is_staff_page(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


def can_be_sent_again(request: HttpRequest) -> bool:
    """Whether to show a refused form again: a page of this site sent it, and without a password.

    A form of the staff has to name its user.
    """
    names = request.POST.keys()
    return (
        (OWNER_FIELD in names or not is_staff_page(request))
        and is_same_origin(request)
        and len(names) <= MAX_HIDDEN_FIELDS
        and not any("password" in name for name in names)
    )


def csrf_failure_page(request: HttpRequest) -> HttpResponse:
    """The page for a form without a valid CSRF token, with everything that was sent if possible."""
    if can_be_sent_again(request):
        return send_again_page(request)
    return render(request, "403_csrf.html", status=403)


def send_again_page(request: HttpRequest, *, is_logged_out: bool = False) -> HttpResponse:
    """The values of a form that was not saved, with a new CSRF token and a button to send them.

    `is_logged_out` asks to log in first, in another tab. A form that another user has opened can be
    sent only after that user has logged in.
    """
    is_of_another = is_of_another_user(request)
    tokens, lost_files = ([], []) if is_of_another else _store_files(request)
    context = {
        "action": request.get_full_path(),
        "values": _values(request) + tokens,
        "files": lost_files,
        "is_logged_out": is_logged_out,
        "is_of_another_user": is_of_another,
    }
    return render(request, "send_again.html", context, status=403)


def server_error_page(request: HttpRequest) -> HttpResponse:
    """The page for an error of the site (`handler500`), with everything that was sent if possible.

    It needs no database, which may be what fails. Whose form it is, is checked when it is sent
    again.
    """
    try:
        if request.method == "POST" and can_be_sent_again(request):
            context = {
                "action": request.get_full_path(),
                "csrf_token": get_token(request),
                "values": _values(request),
                "files": [file.name for _name, files in request.FILES.lists() for file in files],
                "is_failed": True,
            }
            return HttpResponse(render_to_string("send_again.html", context), status=500)
    except Exception:  # what failed may be the request
        logger.exception("A form that failed cannot be shown again.")
    return server_error(request)


def _values(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def _store_files(request: HttpRequest) -> tuple[list[tuple[str, str]], list[str]]:
    """Store the files that a member of staff sent; the tokens by field, and the names of others."""
    tokens, lost = [], []
    for name, uploads in request.FILES.lists():
        for upload in uploads:
            scope = staff_scope(logged_in_user(request), request.path)
            stored = store_upload(upload, scope) if request.user.is_staff else None
            if stored:
                tokens.append((name + SUFFIX, stored.token))
            else:
                lost.append(str(upload.name))
    return tokens, lost
