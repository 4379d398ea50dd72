"""What buyers sent along, for the staff who may see their inquiry."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.urls import URLPattern, path

from config.http import account
from products.inquiries.attachments import hand_out
from products.inquiries.models import Attachment, Inquiry


class Attachments(admin.ModelAdmin):
    """The inquiries' attachments as downloads."""

    def get_urls(self) -> list[URLPattern]:
        address = "<int:inquiry>/attachment/<int:pk>/"
        view = self.admin_site.admin_view(self.attachment)
        return [path(address, view, name="inquiries_inquiry_attachment"), *super().get_urls()]

    def attachment(self, request: HttpRequest, inquiry: int, pk: int) -> FileResponse:
        """A file of an inquiry that the reader may see; 404 for all others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        visible = Inquiry.objects.visible_to(account(request)).filter(pk=inquiry)
        return hand_out(Attachment.objects.filter(inquiry__in=visible), pk)
