"""The list of one's own sessions, and ending them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.confirmation import confirm_page
from accounts.forms import PasswordForm
from accounts.services.sessions import (
    end_other_sessions,
    end_session,
    find_session,
    get_sessions,
)
from core.admin.staff_views import StaffRequest, staff_view


@staff_view()
def sessions(request: StaffRequest) -> HttpResponse:
    context = {
        "title": _("Your sessions"),
        "sessions": get_sessions(request.user),
        "current": request.session.session_key,
    }
    return TemplateResponse(request, "accounts/sessions.html", context)


@sensitive_post_parameters("password")
@staff_view()
def end_one_session(request: StaffRequest, public_id: str) -> HttpResponse:
    """Log out of one session, after the password was entered once more."""
    session = find_session(request.user, public_id)
    if session is None:
        return redirect("sessions")
    form = PasswordForm(request, request.POST or None)
    if form.is_valid():
        end_session(session, by=request.user)
        messages.success(request, _("The session was ended."))
        return redirect("sessions")
    context = {"title": _("End the session"), "session": session}
    return confirm_page(request, "accounts/end_session.html", form, reverse("sessions"), context)


@sensitive_post_parameters("password")
@staff_view()
def end_sessions(request: StaffRequest) -> HttpResponse:
    """Log out of all sessions but this one, after the password was entered once more."""
    form = PasswordForm(request, request.POST or None)
    if form.is_valid():
        end_other_sessions(request.user, request.session.session_key)
        messages.success(request, _("All other sessions were ended."))
        return redirect("sessions")
    context = {"title": _("End all other sessions")}
    return confirm_page(
        request, "accounts/end_other_sessions.html", form, reverse("sessions"), context
    )
