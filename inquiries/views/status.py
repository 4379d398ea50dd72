"""The status page, where a buyer tracks an inquiry, reads the answers and adds messages."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.http import client_ip
from core.uploads.forms import restore_uploads, store_uploads
from inquiries.downloads import attachment_response, preview_response
from inquiries.forms.message import MessageForm
from inquiries.models import Inquiry, InquiryEvent
from inquiries.screening import is_file_upload_rate_limited, is_rate_limited
from inquiries.services import receive_message


# The token in the URL authenticates the buyer, and no other site knows it. Because of the page's
# referrer policy, browsers send no origin with the form, so that Django's CSRF check would fail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show the status page, or receive a message.

    404 for an invalid or expired token, 410 if the buyer's personal data was erased.
    """
    inquiry = _get_inquiry(token)
    if inquiry.erased_at:
        return render(request, "inquiries/erased.html", status=410)
    if request.method == "POST":
        return _receive(request, inquiry, token)
    return _render(request, inquiry, token, MessageForm())


def _receive(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    ip_address = client_ip(request)
    is_limited = bool(request.FILES) and is_file_upload_rate_limited(ip_address)
    if is_limited:
        request.FILES.clear()
    expired = restore_uploads(request, _upload_scope(inquiry))
    form = MessageForm(request.POST, request.FILES)
    form.report_expired_files(expired)
    if is_limited:
        return _rate_limited(request, inquiry, token, form)
    if not form.is_valid():
        return _render(request, inquiry, token, form, status=422)
    submission = form.submission(inquiry, ip_address)
    if not form.was_saved_before and is_rate_limited(submission):
        return _rate_limited(request, inquiry, token, form)
    files = form.cleaned_data["attachments"]
    receive_message(inquiry, submission, key=form.submission_key, files=files)
    return redirect(f"{reverse('inquiries:status', args=[token])}?sent#conversation")


def _upload_scope(inquiry: Inquiry) -> str:
    return f"inquiries:status:{inquiry.pk}"


def _rate_limited(
    request: HttpRequest, inquiry: Inquiry, token: str, form: MessageForm
) -> HttpResponse:
    form.add_error(None, _("Too many messages sent. Please try again later."))
    return _render(request, inquiry, token, form, status=429)


def _render(
    request: HttpRequest, inquiry: Inquiry, token: str, form: MessageForm, status: int = 200
) -> HttpResponse:
    """Render the page, in the buyer's time zone."""
    if form.is_bound:
        store_uploads([form], _upload_scope(inquiry))
    context = {
        "inquiry": inquiry,
        "lines": inquiry.lines.all(),
        "first_attachments": inquiry.attachments.filter(event__kind=InquiryEvent.Kind.RECEIVED),
        "token": token,
        "events": inquiry.events.for_buyer(),
        "form": form,
        "sent": "sent" in request.GET,
    }
    with timezone.override(inquiry.buyer_zone or timezone.get_current_timezone()):
        return render(request, "inquiries/status.html", context, status=status)


@never_cache
@require_safe
def attachment(request: HttpRequest, token: str, pk: int) -> FileResponse:
    """Download an attachment of the inquiry; 404 for one of another inquiry."""
    return attachment_response(_get_inquiry(token).attachments.all(), pk)


@never_cache
@require_safe
def preview(request: HttpRequest, token: str, pk: int) -> FileResponse:
    """The preview of an attached picture; 404 for one of another inquiry."""
    return preview_response(_get_inquiry(token).attachments.all(), pk)


def _get_inquiry(token: str) -> Inquiry:
    try:
        return Inquiry.objects.get_by_status_token(token)
    except Inquiry.DoesNotExist as error:
        raise Http404 from error
