"""Entering an inquiry that did not arrive through the website or by e-mail."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.admin.staff_views import StaffRequest, staff_view
from inquiries.admin.forms.adding import AddInquiryForm, InquiryLineFormSet, lines_of
from inquiries.forms.inquiry_fields import TRADE_TERM_FIELDS
from inquiries.models import Inquiry
from inquiries.services import receive_inquiry

PREFIX = "lines"


@staff_view(permission="inquiries.add_inquiry")
def add_inquiry(request: StaffRequest) -> HttpResponse:
    """Show the form (GET), or receive the inquiry (POST); status 422 for a form with errors."""
    is_sent = request.method == "POST"
    form = AddInquiryForm(request.POST, request.FILES) if is_sent else AddInquiryForm()
    lines = InquiryLineFormSet(request.POST if is_sent else None, prefix=PREFIX)
    if is_sent and form.is_valid() and lines.is_valid():
        data = form.cleaned_data
        inquiry = receive_inquiry(
            lines=lines_of(lines),
            files=data["attachments"],
            key=data["key"],
            by=request.user,
            acknowledge=data["acknowledge"],
            **form.inquiry_fields,
        )
        return _redirect_to(request, inquiry)
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
