"""Entering an inquiry that did not arrive through the website or by e-mail."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.admin.staff_views import StaffRequest, staff_view
from core.admin.stored_files import not_stored_message
from core.storage import new_files
from inquiries.admin.forms.adding import AddInquiryForm, InquiryLineFormSet, lines_of
from inquiries.forms.inquiry_fields import TRADE_TERM_FIELDS
from inquiries.models import Inquiry
from inquiries.services import receive_inquiry

PREFIX = "lines"

logger = logging.getLogger(__name__)


@staff_view(permission="inquiries.add_inquiry")
def add_inquiry(request: StaffRequest) -> HttpResponse:
    """Show the form (GET), or receive the inquiry (POST); status 422 for a form with errors."""
    is_sent = request.method == "POST"
    form = AddInquiryForm(request.POST, request.FILES) if is_sent else AddInquiryForm()
    lines = InquiryLineFormSet(request.POST if is_sent else None, prefix=PREFIX)
    if is_sent and form.is_valid() and lines.is_valid():
        try:
            return _redirect_to(request, _receive(form, lines, request))
        except OSError:
            logger.exception("The files of an inquiry cannot be stored.")
            form.add_error("attachments", not_stored_message())
    context: dict[str, Any] = {
        "title": _("Add inquiry"),
        "opts": Inquiry._meta,
        # The scripts of Django's change form, whose template this page extends.
        "media": admin.site.get_model_admin(Inquiry).media + form.media,
        "adminform": AdminForm(form, _fieldsets(), {}),
        "lines": lines,
        "errors": form.errors or (is_sent and not lines.is_valid()),
    }
    status = 422 if context["errors"] else 200
    return TemplateResponse(request, "admin/inquiries/inquiry/add.html", context, status=status)


def _receive(form: AddInquiryForm, lines: Any, request: StaffRequest) -> Inquiry:
    """Receive the inquiry; raises OSError, and stores no file, if one cannot be stored."""
    data = form.cleaned_data
    with new_files():
        return receive_inquiry(
            lines=lines_of(lines),
            files=data["attachments"],
            key=data["key"],
            by=request.user,
            acknowledge=data["acknowledge"],
            **form.inquiry_fields,
        )


def _fieldsets() -> list[Any]:
    buyer = ["name", "email", "phone", "company", "country", "language"]
    return [
        (_("Inquiry"), {"fields": ["source", "message", "attachments"]}),
        (_("Buyer"), {"fields": buyer}),
        (_("Trade terms"), {"fields": TRADE_TERM_FIELDS, "classes": ["collapse"]}),
        (_("Handling"), {"fields": ["contact", "acknowledge", "key"]}),
    ]


def _redirect_to(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Go to the inquiry, or to the list if it was assigned to another contact."""
    values = {"reference": inquiry, "contact": inquiry.assigned_to}
    if inquiry.assigned_to:
        text = _("Inquiry %(reference)s was saved and assigned to %(contact)s.")
    else:
        text = _("Inquiry %(reference)s was saved. It is not assigned yet.")
    messages.success(request, text % values)
    if Inquiry.objects.visible_to(request.user).filter(pk=inquiry.pk).exists():
        return redirect("admin:inquiries_inquiry_change", inquiry.pk)
    return redirect("admin:inquiries_inquiry_changelist")
