"""The page that asks for the password, or more, before something critical is done."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.template.response import TemplateResponse

from accounts.forms import PasswordForm
from core.admin.staff_views import StaffRequest


def confirm_page(
    request: StaffRequest,
    template: str,
    form: PasswordForm,
    back_url: str,
    context: Mapping[str, object],
) -> HttpResponse:
    """A page that extends accounts/confirm.html; status 422 if the form has errors."""
    context = {**context, "form": form, "back_url": back_url}
    return TemplateResponse(request, template, context, status=422 if form.errors else 200)
