"""The pages of an inquiry beside the admin's own: its buyer, joining, splitting, erasing."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from core.http import account
from inquiries.models import FormerReference, Inquiry

LARGEST = 2**63 - 1  # number that a database knows


class InquiryPages(admin.ModelAdmin):
    """What such pages share. Whoever may not see an inquiry finds none: 404, as if there were none.

    Addresses hold the inquiry's number and no e-mail, since addresses end up in logs.
    """

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.by_reference)
        address = path("reference/<slug:reference>/", view, name="inquiries_inquiry_reference")
        return [address, *super().get_urls()]

    def page(self, name: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
        """The address `<inquiry>/<name>/` of `view`, which is called `inquiries_inquiry_<name>`."""
        address = f"<int:pk>/{name}/"
        return path(address, self.admin_site.admin_view(view), name=f"inquiries_inquiry_{name}")

    def by_reference(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Lead on to the page of the inquiry that has, or had, this reference."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            visible = Inquiry.objects.visible_to(account(request))
            return self.lead_to(visible.known_as(reference.upper()))
        except Inquiry.DoesNotExist as error:
            raise Http404 from error

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Inquiry | None:
        """The inquiry with this number, or on its own page the one that it was joined with.

        So links in the staff's mails go on leading there, and what somebody was typing while
        another joined the two is kept.
        """
        found = super().get_object(request, object_id, from_field)
        if found is None and object_id.isdecimal() and int(object_id) <= LARGEST:
            former = FormerReference.objects.filter(number=object_id).first()
            if former and request.path.endswith(f"/{object_id}/change/"):
                return super().get_object(request, str(former.inquiry_id))
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Inquiry], search_term: str
    ) -> tuple[QuerySet[Inquiry], bool]:
        """What is searched by a former reference is searched by the one that holds it now."""
        former = FormerReference.objects.filter(reference=search_term.strip().upper()[:12])
        if now := former.values_list("inquiry__reference", flat=True).first():
            search_term = now
        return super().get_search_results(request, queryset, search_term)

    def visible(self, request: HttpRequest, pk: int) -> Inquiry:
        """The inquiry `pk`; 404 where it is not the reader's to see, 403 where none is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return self.get_queryset(request).get(pk=min(pk, LARGEST))
        except Inquiry.DoesNotExist as error:
            raise Http404 from error

    def workable(self, request: HttpRequest, pk: int) -> Inquiry:
        """The same for who may also work on it; 403 where they may only look."""
        inquiry = self.visible(request, pk)
        if not self.has_change_permission(request, inquiry):
            raise PermissionDenied
        return inquiry

    def lead_to(self, inquiry: Inquiry) -> HttpResponseRedirect:
        return redirect("admin:inquiries_inquiry_change", inquiry.pk)

    def show(
        self, request: HttpRequest, name: str, inquiry: Inquiry, title: str, **more: Any
    ) -> TemplateResponse:
        """One of `templates/admin/inquiries/inquiry/`; 422 where a form in it has errors."""
        form = more.get("form")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "inquiry": inquiry,
            "title": title,
            "back": reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]),
            **more,
        }
        status = 422 if form is not None and form.errors else 200
        template = f"admin/inquiries/inquiry/{name}.html"
        return TemplateResponse(request, template, context, status=status)
