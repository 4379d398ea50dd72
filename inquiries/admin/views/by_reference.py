"""Links by reference, which remain valid after inquiries were merged."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from core.admin.staff_views import StaffRequest, staff_view
from inquiries.models import Inquiry


@staff_view(permission="inquiries.view_inquiry")
def by_reference(request: StaffRequest, reference: str) -> HttpResponse:
    """Redirect to the inquiry that has, or had, this reference."""
    try:
        inquiry = Inquiry.objects.visible_to(request.user).get_by_reference(reference.upper())
    except Inquiry.DoesNotExist as error:
        raise Http404 from error
    return redirect("admin:inquiries_inquiry_change", inquiry.pk)
