"""What managers do with many inquiries at once."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.http import account
from inquiries.admin.conflicts import SeenList
from inquiries.admin.forms import ContactActionForm
from inquiries.models import Inquiry
from inquiries.models.querysets import InquiryQuerySet
from inquiries.permissions import sees_all

MOST_AT_ONCE = 500
MOST_NAMED = 20


class InquiryActions(admin.ModelAdmin):
    """The actions of the list of inquiries."""

    action_form = ContactActionForm
    actions = ["assign", "release"]

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return sees_all(request.user)

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
        left = self._assign(queryset, contact, request)
        count -= len(left)
        sentence = ngettext(
            "%(count)d inquiry is assigned to %(contact)s.",
            "%(count)d inquiries are assigned to %(contact)s.",
            count,
        )
        if count:
            self.message_user(request, sentence % {"count": count, "contact": contact})
        if left:
            sentence = ngettext(
                "%(count)d inquiry was assigned meanwhile and is left as it is: %(which)s.",
                "%(count)d inquiries were assigned meanwhile and are left as they are: %(which)s.",
                len(left),
            )
            which = {"count": len(left), "which": "; ".join(left[:MOST_NAMED])}
            self.message_user(request, sentence % which, messages.WARNING)

    def _assign(
        self, inquiries: QuerySet[Inquiry], contact: Contact, request: HttpRequest
    ) -> list[str]:
        """Assign them, but for those that somebody else has assigned since the list was shown.

        Returns what happened to those, in words.
        """
        by, left = account(request), []
        seen = SeenList.parse(request.POST.get("seen", ""))
        for pk in list(inquiries.values_list("pk", flat=True)):
            with transaction.atomic():
                inquiry = Inquiry.objects.select_for_update().filter(pk=pk).first()
                if inquiry is None:  # deleted meanwhile
                    continue
                if seen and (event := seen.overtaken_by(inquiry, by)):
                    left.append(f"{inquiry}: {event.told}")
                else:
                    inquiry.assign(contact, by)
        return left

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, which tells with its actions whose each inquiry was when it was shown."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if form := context.get("action_form"):
            form.initial["seen"] = str(SeenList.of(context["cl"].result_list))
        return response

    @admin.action(description=_("Release: this is no spam"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[Inquiry]) -> None:
        """Let through what was held among those that were chosen."""
        held = list(cast(InquiryQuerySet, queryset).held()[:MOST_AT_ONCE])
        for inquiry in held:
            inquiry.release(by=account(request))
        sentence = ngettext(
            "%(count)d inquiry is released.", "%(count)d inquiries are released.", len(held)
        )
        self.message_user(request, sentence % {"count": len(held)})
