"""Splitting an inquiry in two."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.admin.staff_views import StaffRequest, staff_view
from inquiries.admin.forms.splitting import SplitForm
from inquiries.models import Inquiry
from inquiries.permissions import may_see_all
from inquiries.services import split_inquiry


@staff_view(permission="inquiries.change_inquiry", model=Inquiry)
def split(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Select the parts for a new inquiry (GET), and move them (POST)."""
    if inquiry.erased_at:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = SplitForm(data, inquiry=inquiry, may_assign=may_see_all(request.user))
    if form.is_valid():
        lines, events = form.cleaned_data["lines"], form.cleaned_data["messages"]
        try:
            new = split_inquiry(
                inquiry,
                lines=lines,
                messages=events,
                by=request.user,
                keep_contact=form.keeps_contact,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = _("This is the new inquiry. The rest remains in %(reference)s.")
            messages.success(request, text % {"reference": inquiry})
            return redirect("admin:inquiries_inquiry_change", new.pk)
    context = {"title": _("Split this inquiry"), "inquiry": inquiry, "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/inquiries/inquiry/split.html", context, status=status)
