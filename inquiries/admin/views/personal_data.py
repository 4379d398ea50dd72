"""Exporting and erasing a buyer's personal data on their request."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from core.admin.staff_views import StaffRequest, staff_view
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from inquiries.admin.forms.personal_data import EraseForm
from inquiries.models import Inquiry
from inquiries.permissions import may_erase
from inquiries.personal_data import export
from inquiries.personal_data.erasure import erase_inquiries
from inquiries.personal_data.lookup import inquiries_of_buyer, other_buyers

MAX_LISTED = 50


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def export_personal_data(request: StaffRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Export the data of the buyer as a ZIP archive (POST); the staff log records the user."""
    _check_access(request, inquiry)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    message = gettext_noop("Exported personal data.")
    log_action(StaffAction.Kind.EXPORTED, inquiry, by=request.user, message=message)
    return FileResponse(
        export.export_personal_data(inquiry.email, inquiries_of_buyer(inquiry)),
        as_attachment=True,
        filename=f"{inquiry.reference}.zip",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
    )


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def erase_personal_data(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Show what will be erased and what remains (GET); erase it (POST)."""
    _check_access(request, inquiry)
    inquiries = inquiries_of_buyer(inquiry).select_related("assigned_to")
    open_count = inquiries.open().count()
    data = request.POST if request.method == "POST" else None
    form = EraseForm(data, has_open=bool(open_count))
    if form.is_valid():
        count = erase_inquiries(inquiries, by=request.user, close_open=bool(open_count))
        text = ngettext(
            "Personal data erased from %(count)d inquiry.",
            "Personal data erased from %(count)d inquiries.",
            count,
        )
        messages.success(request, text % {"count": count})
        return redirect("admin:inquiries_inquiry_change", inquiry.pk)
    context = {
        "title": _("Erase this buyer's personal data?"),
        "inquiry": inquiry,
        "form": form,
        "count": inquiries.count(),
        "inquiries": inquiries[:MAX_LISTED],
        "open_count": open_count,
        "other_buyers": other_buyers(inquiries, inquiry.email),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/inquiries/inquiry/erase.html", context, status=status)


def _check_access(request: StaffRequest, inquiry: Inquiry) -> None:
    """Raise PermissionDenied without the permission to erase, Http404 if the data was erased."""
    if not may_erase(request.user):
        raise PermissionDenied
    if inquiry.erased_at:
        raise Http404
