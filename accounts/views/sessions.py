"""The list of one's own sessions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.services.sessions import end_other_sessions, end_session, get_sessions
from core.admin.staff_views import StaffRequest, staff_view


@staff_view()
def sessions(request: StaffRequest) -> HttpResponse:
    context = {
        "title": _("Your sessions"),
        "sessions": get_sessions(request.user),
        "current": request.session.session_key,
    }
    return TemplateResponse(request, "accounts/sessions.html", context)


@require_POST
@staff_view()
def end_one_session(request: StaffRequest, public_id: str) -> HttpResponse:
    if end_session(request.user, public_id):
        messages.success(request, _("The session was ended."))
    return redirect("sessions")


@require_POST
@staff_view()
def end_sessions(request: StaffRequest) -> HttpResponse:
    end_other_sessions(request.user, request.session.session_key)
    messages.success(request, _("All other sessions were ended."))
    return redirect("sessions")
