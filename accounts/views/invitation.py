"""The page on which an invited colleague creates the account."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import AcceptInvitationForm
from accounts.models import Invitation
from accounts.services.invitations import accept_invitation as accept
from accounts.services.invitations import is_still_given


@never_cache
@csrf_protect
@sensitive_post_parameters("password1", "password2")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for user name, name and password; status 410 if the link is not valid."""
    context = {**admin.site.each_context(request), "title": _("Your new account")}
    try:
        invitation = Invitation.objects.get_by_token(token)
        if not is_still_given(invitation):
            raise Invitation.DoesNotExist
        form = AcceptInvitationForm(invitation.email, request.POST or None)
        if form.is_valid():
            accept(invitation, form.save(commit=False))
            messages.success(request, _("Your account is ready. Log in."))
            return redirect("admin:login")
    except Invitation.DoesNotExist:
        return TemplateResponse(request, "accounts/accept_invitation.html", context, status=410)
    context |= {"invitation": invitation, "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/accept_invitation.html", context, status=status)
