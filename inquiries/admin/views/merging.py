"""Merging two inquiries: selecting the other one, then confirming."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.admin.staff_views import StaffRequest, staff_view
from inquiries.admin.forms.merging import ConfirmMergeForm, MergeForm
from inquiries.models import Inquiry
from inquiries.services import merge_inquiries
from inquiries.services.merging import have_same_buyer


@staff_view(permission="inquiries.change_inquiry", model=Inquiry)
def merge(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Select the other inquiry (GET), show both (GET with a reference), merge them (POST)."""
    if inquiry.erased_at:
        raise PermissionDenied
    candidates = Inquiry.objects.visible_to(request.user)
    if request.method == "POST":
        form: MergeForm = ConfirmMergeForm(request.POST, inquiry=inquiry, candidates=candidates)
        if form.is_valid() and form.other:
            try:
                merged = merge_inquiries(inquiry, form.other, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                text = _("The inquiries were merged into %(reference)s.") % {"reference": merged}
                messages.success(request, text)
                return redirect("admin:inquiries_inquiry_change", merged.pk)
    else:
        is_chosen = request.GET.keys() & {"chosen", "reference"}
        data = request.GET if is_chosen else None
        form = MergeForm(data, inquiry=inquiry, candidates=candidates)
        form.is_valid()
    other = form.other
    if other is None:
        context = {"title": _("Merge with another inquiry"), "inquiry": inquiry, "form": form}
        return _page(request, "merge", form, context)
    if request.method != "POST":
        form = ConfirmMergeForm(inquiry=inquiry, candidates=candidates)
    context = {
        "title": _("Merge these two inquiries?"),
        "inquiry": inquiry,
        "form": form,
        "other": other,
        "both": sorted([inquiry, other], key=lambda one: (one.created_at, one.pk)),
        "has_same_buyer": have_same_buyer(inquiry, other),
    }
    return _page(request, "merge_confirm", form, context)


def _page(
    request: StaffRequest, name: str, form: MergeForm, context: dict[str, object]
) -> HttpResponse:
    status = 422 if form.errors else 200
    return TemplateResponse(request, f"admin/inquiries/inquiry/{name}.html", context, status=status)
