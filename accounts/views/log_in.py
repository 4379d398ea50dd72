"""Logging in: name and password, then the code of those who have a second factor."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from accounts import pending_log_in
from accounts.forms import WRONG_CODE, CodeForm, LogInForm
from accounts.services.second_factor import check_code, has_second_factor
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


class LogInView(LoginView):
    """Asks for name and password, in place of the view of Django's admin site."""

    authentication_form = LogInForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and admin.site.has_permission(request):
            return redirect("admin:index")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            **admin.site.each_context(self.request),
            **super().get_context_data(**kwargs),
            "title": _("Log in"),
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
        }
        context["next"] = context["next"] or reverse("admin:index")
        return context

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in, or ask for the code first if the user has a second factor."""
        user = form.get_user()
        if not has_second_factor(user):
            response = super().form_valid(form)
            log_action(StaffAction.Kind.LOGGED_IN, user, by=user)
            return response
        pending_log_in.begin(self.request, user, self.get_success_url())
        return redirect("log_in_code")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Log the failure, up to the lock by django-axes, with the account if there is one.

        An unknown name is not logged, because people type their password there by mistake.
        """
        if not getattr(self.request, "axes_locked_out", False):
            name = form.cleaned_data.get("username", "")
            user = User.objects.filter(username=name).first()
            log_action(StaffAction.Kind.LOG_IN_FAILED, user, by=user)
        return super().form_invalid(form)


@never_cache
@csrf_protect
@sensitive_post_parameters("code")
def log_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; django-axes counts wrong ones like wrong passwords.

    Status 422 for a wrong code. Without a right password before, redirects to the log-in page.
    """
    user = pending_log_in.find_user(request)
    if user is None:
        if request.method == "POST":
            messages.warning(request, _("Too much time has passed. Log in again."))
        return redirect("admin:login")
    form = CodeForm(request.POST or None, allows_recovery=True)
    if form.is_valid():
        credentials = {"username": user.get_username()}
        if AxesProxyHandler.is_allowed(request, credentials) and check_code(
            user, form.cleaned_data["code"]
        ):
            next_url = pending_log_in.end(request)
            login(request, user)
            log_action(
                StaffAction.Kind.LOGGED_IN, user, by=user, message=gettext_noop("With a code.")
            )
            return redirect(next_url)
        # Responds with 429 from the fifth wrong code on, through AxesMiddleware.
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        log_action(
            StaffAction.Kind.LOG_IN_FAILED, user, by=user, message=gettext_noop("Wrong code.")
        )
        form.add_error("code", WRONG_CODE)
    context = {**admin.site.each_context(request), "title": _("Log in"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/log_in_code.html", context, status=status)
