"""Setting up one's own second factor, and turning it off."""

from base64 import b32encode
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.confirmation import confirm_page
from accounts.forms import WRONG_CODE, CodeForm, SecondFactorForm
from accounts.services.second_factor import (
    WrongCodeError,
    check_code,
    confirm_second_factor,
    has_second_factor,
    must_set_up_second_factor,
    prepare_second_factor,
    remove_second_factor,
    replace_recovery_codes,
)
from accounts.services.sessions import end_other_sessions
from core.admin.staff_views import StaffRequest, staff_view


@sensitive_post_parameters("code", "password")
@staff_view()
def second_factor(request: StaffRequest) -> HttpResponse:
    """Show the QR code and turn the second factor on, or show that it is on."""
    if has_second_factor(request.user):
        return _show_state(request, CodeForm(allows_recovery=True))
    form = SecondFactorForm(request, request.POST or None)
    if form.is_valid():
        try:
            codes = confirm_second_factor(request.user, form.cleaned_data["code"])
        except WrongCodeError:
            form.add_error("code", WRONG_CODE)
        else:
            end_other_sessions(request.user, request.session.session_key)
            return _show_recovery_codes(request, codes)
    device = prepare_second_factor(request.user)
    context = {
        "title": _("Set up the second factor"),
        "form": form,
        "is_required": must_set_up_second_factor(request.user),
        "qr_code": _draw_qr_code(device.config_url),
        "secret": _group_secret(device),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/second_factor_setup.html", context, status=status)


@require_POST
@sensitive_post_parameters("code")
@staff_view()
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """Show new recovery codes; the earlier ones are no longer valid."""
    form = CodeForm(request.POST, allows_recovery=True)
    if form.is_valid():
        try:
            codes = replace_recovery_codes(request.user, form.cleaned_data["code"])
        except WrongCodeError:
            form.add_error("code", WRONG_CODE)
        else:
            return _show_recovery_codes(request, codes)
    return _show_state(request, form)


@sensitive_post_parameters("code", "password")
@staff_view()
def turn_off_second_factor(request: StaffRequest) -> HttpResponse:
    """Turn the second factor off, after password and code were entered once more."""
    if not has_second_factor(request.user):
        return redirect("second_factor")
    form = SecondFactorForm(request, request.POST or None, allows_recovery=True)
    # The code is checked last, because it can be used only once.
    if form.is_valid() and not check_code(request.user, form.cleaned_data["code"]):
        form.add_error("code", WRONG_CODE)
    if form.is_valid():
        remove_second_factor(request.user, by=request.user)
        messages.success(request, _("The second factor is turned off."))
        return redirect("second_factor")
    context = {"title": _("Turn off the second factor")}
    back_url = reverse("second_factor")
    return confirm_page(request, "accounts/second_factor_off.html", form, back_url, context)


def _show_state(request: StaffRequest, form: CodeForm) -> HttpResponse:
    context = {
        "title": _("Second factor"),
        "form": form,
        "codes_left": request.user.recovery_codes.count(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/second_factor.html", context, status=status)


def _show_recovery_codes(request: StaffRequest, codes: list[str]) -> HttpResponse:
    """The only response that contains the codes, since their digests are stored."""
    text = "\r\n".join([settings.SITE_URL, request.user.get_username(), *codes, ""])
    context = {
        "title": _("Your recovery codes"),
        "codes": codes,
        "file_url": f"data:text/plain;charset=utf-8,{quote(text)}",
    }
    return TemplateResponse(request, "accounts/recovery_codes.html", context)


def _draw_qr_code(text: str) -> str:
    """A data URI of the picture."""
    import segno  # takes 1 MB, which few processes need

    return str(segno.make_qr(text).svg_data_uri(scale=5))


def _group_secret(device: TOTPDevice) -> str:
    """The secret in Base32, in groups of four letters, for those who type it."""
    secret = b32encode(device.bin_key).decode()
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
