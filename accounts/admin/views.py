"""Pages about other people's accounts."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.confirmation import confirm_page
from accounts.forms import PasswordForm
from accounts.services.second_factor import has_second_factor, remove_second_factor
from accounts.services.sessions import end_all_sessions
from core.admin.staff_views import StaffRequest, staff_view


@sensitive_post_parameters("password")
@staff_view(permission="auth.change_user")
def reset_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a superuser turn off the second factor of somebody who lost app and codes."""
    if not request.user.is_superuser:
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    url = reverse("admin:auth_user_change", args=[user.pk])
    form = PasswordForm(request, request.POST or None)
    if form.is_valid():
        remove_second_factor(user, by=request.user)
        messages.success(request, _("The second factor of %s is turned off.") % user)
        return redirect(url)
    context = {
        "title": _("Reset the second factor"),
        "opts": User._meta,
        "account": user,
        "has_second_factor": has_second_factor(user),
    }
    return confirm_page(request, "accounts/second_factor_reset.html", form, url, context)


@sensitive_post_parameters("password")
@staff_view(permission="auth.change_user")
def end_sessions(request: StaffRequest, pk: int) -> HttpResponse:
    """Log a user out everywhere, for instance when a device is lost."""
    user = get_object_or_404(User, pk=pk)
    url = reverse("admin:auth_user_change", args=[user.pk])
    form = PasswordForm(request, request.POST or None)
    if form.is_valid():
        end_all_sessions(user, by=request.user)
        messages.success(request, _("All sessions of %s were ended.") % user)
        return redirect(url)
    context = {"title": _("End all sessions"), "opts": User._meta, "account": user}
    return confirm_page(request, "accounts/end_sessions_of_user.html", form, url, context)
