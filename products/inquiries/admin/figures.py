"""The tables of the dashboard as files."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path

from config.http import account
from config.spreadsheets import csv_response
from products.inquiries.dashboard.board import Board


class InquiryFigures(admin.ModelAdmin):
    """Each table under its name; of what the reader may see, as on the first page."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.figures)
        address = path("figures/<slug:name>.csv", view, name="inquiries_inquiry_figures")
        return [address, *super().get_urls()]

    def figures(self, request: HttpRequest, name: str) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            table = Board(account(request)).table(name)
        except KeyError as error:
            raise Http404 from error
        rows = [table.heads, *([row.label, *row.values] for row in table.rows)]
        return csv_response(f"{name}.csv", rows)
