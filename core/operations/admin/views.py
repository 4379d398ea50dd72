"""The page for those who run the site."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from post_office.models import Email

from core.admin.staff_views import StaffRequest, staff_view
from core.mail import outbox
from core.mail.mail_server import MailServerError, send_test_email
from core.operations.forms import EmailTestForm
from core.operations.permissions import SEND_AGAIN, VIEW
from core.operations.sections import read_sections


@staff_view(permission=VIEW)
def operations(request: StaffRequest) -> HttpResponse:
    """Show the state of the site, and send a test e-mail.

    Status 422 if the form has an error, or the mail server did not accept the e-mail.
    """
    form = EmailTestForm(request.POST or None, initial={"email": request.user.email})
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            send_test_email(email)
        except MailServerError as error:
            form.add_error("email", str(error))
        else:
            text = _("The mail server has accepted a test e-mail to %(email)s.")
            messages.success(request, text % {"email": email})
            return redirect("operations")
    context = {"title": _("Operations"), "sections": read_sections(request.user), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/operations/page.html", context, status=status)


@require_POST
@staff_view(permission=SEND_AGAIN)
def send_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Queue an e-mail that failed again."""
    try:
        is_queued = outbox.send_again(pk, by=request.user)
    except Email.DoesNotExist as error:
        raise Http404 from error
    if is_queued:
        messages.success(request, _("The e-mail will be sent again."))
    else:
        messages.warning(request, _("The e-mail is waiting to be sent, or has been sent."))
    return redirect("operations")
