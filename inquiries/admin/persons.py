"""A person's data, handed out or erased on their request."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.http import account
from inquiries.admin.pages import InquiryPages
from inquiries.models import Inquiry
from inquiries.permissions import may_erase
from inquiries.personal_data import erasure

MOST_LISTED = 50


class EraseForm(forms.Form):
    """Whether it is meant; for open inquiries, that they are given up as well."""

    give_up = forms.BooleanField(
        label=gettext_lazy("Give up what is still open: it becomes “Lost”."),
        error_messages={
            "required": gettext_lazy("Some are still open. Say that you give them up.")
        },
    )

    def __init__(self, *args: Any, has_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_open:
            del self.fields["give_up"]


class Persons(InquiryPages):
    """For who may erase. What was erased can be seen, and not changed any more."""

    def get_urls(self) -> list[URLPattern]:
        pages = [self.page("hand_out", self.hand_out), self.page("erase", self.erase)]
        return [*pages, *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Inquiry | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def of_a_person(self, request: HttpRequest, pk: int) -> Inquiry:
        """The inquiry by which a person is named; 404 where nothing is kept of them any more."""
        inquiry = self.visible(request, pk)
        if not may_erase(request.user):
            raise PermissionDenied
        if inquiry.erased_at:
            raise Http404
        return inquiry

    def hand_out(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """All that is kept of the buyer as a ZIP archive; the admin's log keeps who had it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        inquiry = self.of_a_person(request, pk)
        self.log_change(request, inquiry, "Handed out what is kept of the buyer.")
        return FileResponse(
            erasure.hand_out(inquiry.email),
            as_attachment=True,
            filename=f"{inquiry.reference}.zip",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
        )

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what goes and what stays (GET); erase it (POST)."""
        inquiry = self.of_a_person(request, pk)
        theirs = erasure.inquiries_of(inquiry.email).select_related("assigned_to")
        still_open = theirs.open().count()
        data = request.POST if request.method == "POST" else None
        form = EraseForm(data, has_open=bool(still_open))
        if form.is_valid():
            count = erasure.erase(theirs, account(request), give_up=bool(still_open))
            text = ngettext(
                "What was kept of the buyer in %(count)d inquiry is erased.",
                "What was kept of the buyer in %(count)d inquiries is erased.",
                count,
            )
            self.message_user(request, text % {"count": count}, messages.SUCCESS)
            return self.lead_to(inquiry)
        return self.show(
            request,
            "erase",
            inquiry,
            _("Erase what is kept of this buyer?"),
            form=form,
            count=theirs.count(),
            listed=theirs[:MOST_LISTED],
            still_open=still_open,
            others=erasure.others_in(theirs, inquiry.email),
        )
