"""What managers do with many inquiries at once."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.http import account
from products.inquiries.admin.forms import ContactActionForm
from products.inquiries.models import Inquiry
from products.inquiries.models.querysets import InquiryQuerySet

MOST_AT_ONCE = 500


class InquiryActions(admin.ModelAdmin):
    """The actions of the list of inquiries."""

    action_form = ContactActionForm
    actions = ["assign", "release"]

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inquiries.assign_inquiry")

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
            inquiry.assign(contact, by=account(request))
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
            inquiry.release(by=account(request))
        sentence = ngettext(
            "%(count)d inquiry is released.", "%(count)d inquiries are released.", len(held)
        )
        self.message_user(request, sentence % {"count": len(held)})
