"""Downloads for the staff: attachments of inquiries, and the dashboard's tables."""

from django.http import FileResponse, Http404, StreamingHttpResponse

from core.admin.staff_views import StaffRequest, staff_view
from core.spreadsheets.streaming import csv_response
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from inquiries.downloads import attachment_response, preview_response
from inquiries.models import Inquiry
from inquiries.statistics.dashboard import InquiryDashboard


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def attachment(request: StaffRequest, inquiry: Inquiry, attachment_pk: int) -> FileResponse:
    """Download an attachment of the inquiry."""
    return attachment_response(inquiry.attachments.all(), attachment_pk)


@staff_view(permission="inquiries.view_inquiry", model=Inquiry)
def preview(request: StaffRequest, inquiry: Inquiry, attachment_pk: int) -> FileResponse:
    """The preview of a picture that is attached to the inquiry."""
    return preview_response(inquiry.attachments.all(), attachment_pk)


@staff_view(permission="inquiries.view_inquiry")
def statistics_table(request: StaffRequest, name: str) -> StreamingHttpResponse:
    """Download a table of the user's dashboard as a CSV file."""
    try:
        table = InquiryDashboard(request.user).table(name)
    except KeyError as error:
        raise Http404 from error
    log_action(StaffAction.Kind.EXPORTED, by=request.user, model=Inquiry, message=f"{name}.csv")
    rows = [table.headings, *([row.label, *row.values] for row in table.rows)]
    return csv_response(f"{name}.csv", rows)
