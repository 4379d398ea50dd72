"""Where managers assign inquiries and contacts answer them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import FileResponse, HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from products.inquiries.admin_forms import ContactActionForm, InquiryManagerForm, InquiryWorkForm
from products.inquiries.attachments import hand_out
from products.inquiries.models import Attachment, Inquiry
from products.inquiries.models.querysets import InquiryQuerySet

MOST_AT_ONCE = 500


class LateFilter(admin.SimpleListFilter):
    """Those whose first answer is overdue."""

    title = _("first answer")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("Late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        inquiries = cast(InquiryQuerySet, queryset)
        return inquiries.overdue() if self.value() == "yes" else inquiries


class HeldFilter(admin.SimpleListFilter):
    """Those that were taken for spam, or hold a message that was."""

    title = _("spam")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("Held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        inquiries = cast(InquiryQuerySet, queryset)
        return inquiries.held() if self.value() == "yes" else inquiries


@admin.register(Inquiry)
class InquiryAdmin(admin.ModelAdmin):
    """Every list, page and action goes through `get_queryset`: who may not see, finds nothing."""

    form = InquiryWorkForm
    action_form = ContactActionForm
    actions = ["assign", "release"]
    list_display = [
        "reference", "state", "sender", "asked_for", "assigned_to", "created_at", "country",
    ]  # fmt: skip
    list_filter = ["status", LateFilter, HeldFilter, "assigned_to", "created_at"]
    list_per_page = 50
    date_hierarchy = "created_at"
    search_fields = ["reference", "name", "email", "company"]
    search_help_text = _("Reference, name, e-mail or company")
    readonly_fields = [
        "reference", "created_at", "due_at", "sender", "address", "country", "telephone",
        "language", "products", "terms", "request_text", "timeline", "source_page",
    ]  # fmt: skip
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        visible = Inquiry.objects.visible_to(_user(request))
        return visible.select_related("assigned_to").prefetch_related("lines")

    def get_urls(self) -> list[URLPattern]:
        address = "<int:inquiry>/attachment/<int:pk>/"
        view = self.admin_site.admin_view(self.attachment)
        return [path(address, view, name="inquiries_inquiry_attachment"), *super().get_urls()]

    def attachment(self, request: HttpRequest, inquiry: int, pk: int) -> FileResponse:
        """A file of an inquiry that the reader may see; 404 for all others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        visible = Inquiry.objects.visible_to(_user(request)).filter(pk=inquiry)
        return hand_out(Attachment.objects.filter(inquiry__in=visible), pk)

    def get_fieldsets(self, request: HttpRequest, obj: Inquiry | None = None) -> list[Any]:
        work = ["new_status", "answer", "note"]
        if self.has_assign_permission(request):
            work.insert(0, "contact")
        if obj and obj.is_held:
            work.insert(0, "release")
        if not self.has_change_permission(request, obj):
            work = ["state", "assigned_to"]
        return [
            (
                _("What the buyer asks"),
                {
                    "fields": [
                        "request_text",
                        "products",
                        "terms",
                        "sender",
                        "address",
                        "telephone",
                        "country",
                    ]
                },
            ),
            (_("What is to be done"), {"fields": work}),
            (_("What happened so far"), {"fields": ["timeline"]}),
            (
                _("Record"),
                {"fields": ["reference", "created_at", "due_at", "language", "source_page"]},
            ),
        ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        # A field that a form declares takes part in it even where no fieldset shows it.
        form = InquiryManagerForm if self.has_assign_permission(request) else InquiryWorkForm
        return super().get_form(request, *args, **{"form": form, **kwargs})

    def get_readonly_fields(self, request: HttpRequest, obj: Inquiry | None = None) -> list[str]:
        return [*self.readonly_fields, "state", "assigned_to"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inquiries.assign_inquiry")

    def save_model(
        self, request: HttpRequest, obj: Inquiry, form: InquiryWorkForm, change: bool
    ) -> None:
        form.work(by=_user(request))

    @admin.action(description=_("Assign to the contact"), permissions=["assign"])
    def assign(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> None:
        """Give every chosen inquiry to the contact that was chosen beside the action."""
        contact = ContactActionForm.contact_in(request.POST)
        if contact is None:
            self.message_user(request, _("Choose the contact to assign to."), messages.ERROR)
            return
        count = queryset.count()
        if count > MOST_AT_ONCE:
            sentence = gettext("These are %(count)d inquiries; assign at most %(most)d at once.")
            values = {"count": count, "most": MOST_AT_ONCE}
            self.message_user(request, sentence % values, messages.ERROR)
            return
        for inquiry in queryset:
            inquiry.assign(contact, by=_user(request))
        sentence = ngettext(
            "%(count)d inquiry is assigned to %(contact)s.",
            "%(count)d inquiries are assigned to %(contact)s.",
            count,
        )
        self.message_user(request, sentence % {"count": count, "contact": contact})

    @admin.action(description=_("Release: this is no spam"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> None:
        """Let through what was held among those that were chosen."""
        held = list(cast(InquiryQuerySet, queryset).held()[:MOST_AT_ONCE])
        for inquiry in held:
            inquiry.release(by=_user(request))
        sentence = ngettext(
            "%(count)d inquiry is released.", "%(count)d inquiries are released.", len(held)
        )
        self.message_user(request, sentence % {"count": len(held)})

    @admin.display(description=_("from"), ordering="name")
    def sender(self, inquiry: Inquiry) -> str:
        return f"{inquiry.name}, {inquiry.company}" if inquiry.company else inquiry.name

    @admin.display(description=_("e-mail"))
    def address(self, inquiry: Inquiry) -> str:
        return format_html('<a href="mailto:{0}">{0}</a>', inquiry.email)

    @admin.display(description=_("products"))
    def asked_for(self, inquiry: Inquiry) -> str:
        asked_for = ", ".join(str(line) for line in inquiry.lines.all())
        return asked_for or gettext("no particular product")

    @admin.display(description=_("products"))
    def products(self, inquiry: Inquiry) -> str:
        return self._render("lines", lines=inquiry.lines.select_related("product"))

    @admin.display(description=_("telephone"))
    def telephone(self, inquiry: Inquiry) -> str:
        if not inquiry.phone_e164:
            return inquiry.phone
        return format_html('<a href="tel:{}" dir="ltr">{}</a>', inquiry.phone_e164, inquiry.phone)

    @admin.display(description=_("terms of trade"))
    def terms(self, inquiry: Inquiry) -> str:
        return self._render("terms", terms=inquiry.terms)

    @admin.display(description=_("message"))
    def request_text(self, inquiry: Inquiry) -> str:
        return format_html('<div class="message" dir="auto">{}</div>', inquiry.message)

    @admin.display(description=_("status"), ordering="status")
    def state(self, inquiry: Inquiry) -> str:
        return self._render("state", inquiry=inquiry)

    @admin.display(description=_("events"))
    def timeline(self, inquiry: Inquiry) -> str:
        events = inquiry.events.select_related("actor").prefetch_related("attachments")
        return self._render("timeline", events=events)

    @staticmethod
    def _render(name: str, **context: Any) -> str:
        return render_to_string(f"admin/inquiries/_{name}.html", context)


def _user(request: HttpRequest) -> User:
    """Who is at work: the admin lets in nobody who is not logged in."""
    return cast(User, request.user)
