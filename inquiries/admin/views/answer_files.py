"""Storing a file for an answer as soon as it is chosen."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.admin.staff_views import StaffRequest, staff_view
from core.uploads.services import store_upload
from inquiries.admin.answer_files import LIFETIME, answer_scope
from inquiries.files import STAFF_LIMITS, prepare_upload
from inquiries.models import Inquiry


@require_POST
@staff_view(permission="inquiries.change_inquiry", model=Inquiry)
def store_answer_file(request: StaffRequest, inquiry: Inquiry) -> HttpResponse:
    """Check and store the posted `file`; the response has its `name`, `size` and `token`.

    Status 422, with an `error` for the user, for a file that is not accepted, and 507 if the
    storage fails.
    """
    upload = request.FILES.get("file")
    if inquiry.erased_at:
        raise PermissionDenied
    if upload is None:
        return JsonResponse({"error": _("Select a file.")}, status=422)
    try:
        prepare_upload(upload, STAFF_LIMITS)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    stored = store_upload(upload, answer_scope(request.user, inquiry), LIFETIME)
    if stored is None:
        return JsonResponse({"error": _("The file could not be stored.")}, status=507)
    return JsonResponse({"name": stored.name, "size": stored.size, "token": stored.token})
