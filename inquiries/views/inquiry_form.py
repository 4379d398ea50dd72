"""The inquiry form and its thank-you page."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.csrf import csrf_failure_page
from core.http import client_ip, referring_path
from core.uploads.forms import restore_uploads, store_uploads
from inquiries import proof_of_work
from inquiries.basket import Basket, with_basket
from inquiries.forms.inquiry import InquiryForm
from inquiries.models import Inquiry, InquiryEvent
from inquiries.models.inquiry_event import event_token
from inquiries.screening import is_file_upload_rate_limited, is_rate_limited
from inquiries.services import find_received_inquiry, receive_inquiry

UPLOAD_SCOPE = "inquiries:form"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_basket
def inquiry_form(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Show the form, or receive an inquiry about its product and those in the basket.

    `?product=<slug>&variant=<pk>&quantity=<number>` fills in a product, `?contact=<pk>` the
    contact. An invalid form is shown again with status 422, and with 429 above a rate limit.
    """
    if request.method == "POST":
        return _receive(request, basket)
    form = InquiryForm(
        basket=basket,
        product_slug=request.GET.get("product", ""),
        contact=request.GET.get("contact", ""),
        variant=request.GET.get("variant", ""),
        quantity=request.GET.get("quantity", ""),
        came_from=_source_page(request),
    )
    return _render(request, form)


def _receive(request: HttpRequest, basket: Basket) -> HttpResponse:
    ip_address = client_ip(request)
    accept_language = request.headers.get("Accept-Language", "")
    is_limited = bool(request.FILES) and is_file_upload_rate_limited(ip_address)
    if is_limited:
        request.FILES.clear()
    expired = restore_uploads(request, UPLOAD_SCOPE)
    form = InquiryForm(request.POST, request.FILES, basket=basket, accept_language=accept_language)
    form.report_expired_files(expired)
    if is_limited:
        return _rate_limited(request, form)
    if not form.is_valid():
        return _render(request, form, status=422)
    submission = form.submission(ip_address)
    key = form.submission_key
    inquiry = find_received_inquiry(key) if form.was_saved_before else None
    if inquiry is None:
        if is_rate_limited(submission):
            return _rate_limited(request, form)
        inquiry = receive_inquiry(
            lines=form.lines,
            files=form.cleaned_data["attachments"],
            submission=submission,
            key=key,
            **form.inquiry_fields,
        )
    basket.clear()
    sent = urlencode({"sent": event_token(key or inquiry.events.last_received().pk)})
    return redirect(f"{reverse('inquiries:thanks', args=[inquiry.token])}?{sent}")


def _rate_limited(request: HttpRequest, form: InquiryForm) -> HttpResponse:
    text = _("Too many inquiries were sent from your network. Please try again later or call us.")
    form.add_error(None, text)
    return _render(request, form, status=429)


def _render(request: HttpRequest, form: InquiryForm, status: int = 200) -> HttpResponse:
    if form.is_bound:
        store_uploads([form], UPLOAD_SCOPE)
    return render(request, "inquiries/form.html", {"form": form}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the page for a missing or expired CSRF token (settings.CSRF_FAILURE_VIEW)."""
    if request.path == reverse("inquiries:form"):
        return _expired_form(request)
    return csrf_failure_page(request)


@with_basket
def _expired_form(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Show the inquiry form again with the submitted values and a new token."""
    if request.FILES and is_file_upload_rate_limited(client_ip(request)):
        request.FILES.clear()
    restore_uploads(request, UPLOAD_SCOPE)
    form = InquiryForm(request.POST, request.FILES, basket=basket)
    form.add_error(None, _("The form has expired. Please send it again."))
    return _render(request, form, status=403)


@never_cache
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Show the thank-you page with the reference, and what was sent as it was understood.

    The latter needs the signed event in `?sent=`: an inquiry that was added to an earlier one must
    not show the earlier one to everyone who knows the buyer's e-mail address.

    404 for an invalid token, 410 if the buyer's personal data was erased.
    """
    try:
        inquiry = Inquiry.objects.get_by_token(token)
    except Inquiry.DoesNotExist as error:
        raise Http404 from error
    if inquiry.erased_at:
        return render(request, "inquiries/erased.html", status=410)
    try:
        sent = inquiry.events.get_by_token(request.GET.get("sent", ""))
    except InquiryEvent.DoesNotExist:
        sent = None
    context = {"inquiry": inquiry, "sent": sent, "lines": inquiry.lines.all()}
    return render(request, "inquiries/thanks.html", context)


@never_cache
@require_safe
def challenge(request: HttpRequest) -> JsonResponse:
    """Return a new challenge for the visitor's browser; 404 if proof of work is turned off."""
    if not settings.PROOF_OF_WORK:
        raise Http404
    return JsonResponse(proof_of_work.new_challenge())


def _source_page(request: HttpRequest) -> str:
    """The path of the page of this site that linked to the form; empty for other sites.

    Of the app's own pages only the basket counts, since the URLs of the others contain tokens.
    """
    path = referring_path(request)
    has_token = path.startswith(reverse("inquiries:form")) and path != reverse("inquiries:basket")
    return "" if has_token else path
