"""The page where a buyer sees how far their inquiry is, reads the answers and writes again."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from contacts.models import Company
from core.http import client_address
from inquiries.downloads import attachment_response
from inquiries.forms.inquiry import MessageForm
from inquiries.models import Inquiry
from inquiries.screening import is_file_upload_rate_limited, is_rate_limited


# The key in the address is all that counts here, and no other site can know it. Under the page's
# own policy a browser names no origin when it sends the form, which Django would refuse.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the acknowledgement.

    404 for a link that was not made here, 410 where what was kept of the buyer has been erased.
    """
    inquiry = _inquiry_of(token)
    if inquiry.erased_at:
        return render(request, "inquiries/erased.html", status=410)
    if request.method != "POST":
        return _show(request, inquiry, token, MessageForm())
    sender = client_address(request)
    if request.FILES and is_file_upload_rate_limited(sender):
        return _turned_away(request, inquiry, token, MessageForm(request.POST))
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, inquiry, token, form, status=422)
    submission = form.submitted_by(sender, inquiry)
    if not form.is_repetition and is_rate_limited(submission):
        return _turned_away(request, inquiry, token, form)
    form.send(inquiry, submission)
    return redirect(f"{reverse('inquiries:status', args=[token])}?sent#conversation")


def _turned_away(
    request: HttpRequest, inquiry: Inquiry, token: str, form: MessageForm
) -> HttpResponse:
    form.add_error(None, _("Many messages have come from you. Please try again later."))
    return _show(request, inquiry, token, form, status=429)


@never_cache
@require_safe
def attachment(request: HttpRequest, token: str, pk: int) -> FileResponse:
    """A file that the buyer sent along; 404 for any that is part of another inquiry."""
    return attachment_response(_inquiry_of(token).attachments.all(), pk)


def _show(
    request: HttpRequest, inquiry: Inquiry, token: str, form: MessageForm, status: int = 200
) -> HttpResponse:
    """The page itself. Its address is a key: no search engine and no other site is to learn it."""
    context = {
        "inquiry": inquiry,
        "lines": inquiry.lines.all(),
        "first_files": inquiry.attachments.filter(event__kind="received"),
        "token": token,
        "events": inquiry.events.for_buyer(),
        "form": form,
        "sent": "sent" in request.GET,
    }
    with timezone.override(inquiry.buyer_zone or Company.get_solo().zone):  # as the promise is made
        response = render(request, "inquiries/status.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _inquiry_of(token: str) -> Inquiry:
    try:
        return Inquiry.objects.get_by_status_token(token)
    except Inquiry.DoesNotExist as error:
        raise Http404 from error
