"""Files for the staff: what buyers sent along, and the tables of the dashboard."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path

from core.http import account
from core.spreadsheets import csv_response
from inquiries.downloads import hand_out
from inquiries.models import Attachment, Inquiry
from inquiries.statistics.dashboard import Board


class InquiryDownloads(admin.ModelAdmin):
    """To each what belongs to the inquiries that they may see."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:inquiry>/attachment/<int:pk>/",
                view(self.attachment),
                name="inquiries_inquiry_attachment",
            ),
            path("figures/<slug:name>.csv", view(self.figures), name="inquiries_inquiry_figures"),
            *super().get_urls(),
        ]

    def attachment(self, request: HttpRequest, inquiry: int, pk: int) -> FileResponse:
        """A file of an inquiry that the reader may see; 404 for all others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        visible = Inquiry.objects.visible_to(account(request)).filter(pk=inquiry)
        return hand_out(Attachment.objects.filter(inquiry__in=visible), pk)

    def figures(self, request: HttpRequest, name: str) -> StreamingHttpResponse:
        """A table of the dashboard as CSV, as the reader's first page shows it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            table = Board(account(request)).table(name)
        except KeyError as error:
            raise Http404 from error
        rows = [table.heads, *([row.label, *row.values] for row in table.rows)]
        return csv_response(f"{name}.csv", rows)
