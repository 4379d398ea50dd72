"""A new password for those who forgot theirs."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts.forms import ForgottenPasswordForm
from accounts.services.password_reset import request_password_reset
from accounts.services.sessions import end_other_sessions
from core.http import client_ip
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


@never_cache
@csrf_protect
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for the e-mail address; the response to any valid one is the same."""
    form = ForgottenPasswordForm(request.POST or None)
    if form.is_valid():
        request_password_reset(form.cleaned_data["email"], client_ip(request))
        text = _(
            "If there is an account with this e-mail address, a link to set a new password arrives "
            "there within minutes. It is valid for one hour."
        )
        messages.success(request, text)
        return redirect("admin:login")
    context = {**admin.site.each_context(request), "title": _("Forgotten password"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/forgotten_password.html", context, status=status)


class NewPasswordView(PasswordResetConfirmView):
    """The page of the link. It ends all sessions of the account, and nobody is logged in by it.

    Django keeps the token in the session and redirects, so that the URL of the form has none.
    """

    template_name = "accounts/new_password.html"
    success_url = reverse_lazy("admin:login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = admin.site.each_context(self.request) | super().get_context_data(**kwargs)
        return context | {"title": _("New password")}

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        messages.success(self.request, _("Your password was changed. Log in with the new one."))
        message = gettext_noop("Set a new password by the link from an e-mail.")
        log_action(StaffAction.Kind.ACCOUNT, form.user, by=form.user, message=message)
        response = super().form_valid(form)
        end_other_sessions(form.user, current=None)
        return response
