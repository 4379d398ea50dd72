"""Forms that arrive without a valid CSRF token or log-in: shown again, instead of lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import is_same_origin, logged_in_user
from core.uploads.forms import SUFFIX, staff_scope
from core.uploads.services import store_upload

MAX_HIDDEN_FIELDS = 2000


def can_be_sent_again(request: HttpRequest) -> bool:
    """Whether to show a refused form again: a page of this site sent it, and without a password."""
    names = request.POST.keys()
    return (
        is_same_origin(request)
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

    `is_logged_out` asks to log in first, in another tab.
    """
    values = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    tokens, lost_files = _store_files(request)
    context = {"values": values + tokens, "files": lost_files, "is_logged_out": is_logged_out}
    return render(request, "send_again.html", context, status=403)


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
