"""Asking, and being thanked."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.http import client_address
from inquiries import proof_of_work
from inquiries.basket import Basket
from inquiries.forms.inquiry import InquiryForm
from inquiries.models import Inquiry
from inquiries.screening import is_file_upload_rate_limited, is_rate_limited
from inquiries.services import was_added_to_earlier


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The inquiry form; `?product=<slug>&variant=<name>` fills in a product and its variant, and
    `?contact=<pk>` says who is asked.

    What is in the basket is asked for as well. What was typed wrong comes back with 422, what came
    too often with 429; both with all that was typed.
    """
    basket = Basket(request.session)
    if request.method != "POST":
        form = InquiryForm(
            basket=basket,
            chosen=request.GET.get("product", ""),
            contact=request.GET.get("contact", ""),
            variant=request.GET.get("variant", ""),
            came_from=_own_page(request),
        )
        return render(request, "inquiries/form.html", {"form": form})
    sender, files = client_address(request), request.FILES
    has_too_many_files = bool(files) and is_file_upload_rate_limited(sender)
    form = InquiryForm(
        request.POST,
        None if has_too_many_files else files,
        basket=basket,
        browser_languages=request.headers.get("Accept-Language", ""),
    )
    if has_too_many_files:
        return _turned_away(request, form)
    if not form.is_valid():
        return render(request, "inquiries/form.html", {"form": form}, status=422)
    submission = form.submitted_by(sender)
    if not form.is_repetition and is_rate_limited(submission):
        return _turned_away(request, form)
    inquiry = form.save(submission)
    basket.clear()
    address = reverse("inquiries:thanks", args=[inquiry.token])
    return redirect(f"{address}?again" if was_added_to_earlier(inquiry, form.key) else address)


def _turned_away(request: HttpRequest, form: InquiryForm) -> HttpResponse:
    text = _("Many inquiries have come from your address. Please try again later, or call us.")
    form.add_error(None, text)
    return render(request, "inquiries/form.html", {"form": form}, status=429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django shows instead of a form whose token is missing or too old.

    An inquiry comes back with all that was typed and a new token, to be sent again.
    """
    if request.path != reverse("inquiries:form"):
        return render(request, "403_csrf.html", status=403)
    form = InquiryForm(request.POST, basket=Basket(request.session))
    form.add_error(None, _("The form was open for too long. Please send it once more."))
    return render(request, "inquiries/form.html", {"form": form}, status=403)


@never_cache
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """The page that thanks, with the reference.

    404 for a token that was not made here, 410 where what was kept of the buyer has been erased.
    """
    try:
        inquiry = Inquiry.objects.get_by_token(token)
    except Inquiry.DoesNotExist as error:
        raise Http404 from error
    if inquiry.erased_at:
        return render(request, "inquiries/erased.html", status=410)
    context = {"inquiry": inquiry, "again": "again" in request.GET}
    return render(request, "inquiries/thanks.html", context)


@never_cache
@require_safe
def challenge(request: HttpRequest) -> JsonResponse:
    """What the visitor's browser is to solve while they type; 404 where no work is asked for."""
    if not settings.PROOF_OF_WORK:
        raise Http404
    return JsonResponse(proof_of_work.new_challenge())


def _own_page(request: HttpRequest) -> str:
    """The path of the page of this site that led here; empty for any other.

    Of the inquiries' own pages the basket alone counts: addresses of the others are keys.
    """
    referrer = urlsplit(request.headers.get("Referer", ""))
    path = referrer.path if referrer.netloc == request.get_host() else ""
    is_key = path.startswith(reverse("inquiries:form")) and path != reverse("inquiries:basket")
    return "" if is_key else path
