"""Pages about other people's accounts."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.services.second_factor import has_second_factor, remove_second_factor
from core.admin.staff_views import StaffRequest, staff_view


@staff_view(permission="auth.change_user")
def reset_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a superuser turn off the second factor of somebody who lost app and codes."""
    if not request.user.is_superuser:
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        remove_second_factor(user, by=request.user)
        messages.success(request, _("The second factor of %s is turned off.") % user)
        return redirect("admin:auth_user_change", user.pk)
    context = {
        "title": _("Reset the second factor"),
        "opts": User._meta,
        "account": user,
        "has_second_factor": has_second_factor(user),
    }
    return TemplateResponse(request, "accounts/second_factor_reset.html", context)
