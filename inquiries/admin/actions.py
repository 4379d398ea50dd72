"""Actions on the selected inquiries of the list."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.http import logged_in_user
from inquiries.admin.conflicts import ListSnapshot
from inquiries.admin.forms.action import InquiryActionForm
from inquiries.display.events import event_sentence
from inquiries.models import Inquiry, InquiryQuerySet
from inquiries.services import assign_inquiry, release_inquiry

MAX_INQUIRIES = 500
MAX_NAMED_CONFLICTS = 20


@admin.action(description=_("Assign to contact"), permissions=["assign"])
def assign(model_admin: Any, request: HttpRequest, queryset: QuerySet[Inquiry]) -> None:
    """Assign the selected inquiries to the contact selected next to the action."""
    contact = InquiryActionForm.contact_in(request.POST)
    if contact is None:
        messages.error(request, _("Select the contact to assign to."))
        return
    count = queryset.count()
    if count > MAX_INQUIRIES:
        sentence = gettext("%(count)d inquiries selected. Assign at most %(most)d at a time.")
        messages.error(request, sentence % {"count": count, "most": MAX_INQUIRIES})
        return
    conflicts = _assign_unless_changed(
        queryset.values_list("pk", flat=True),
        contact,
        request,
        ListSnapshot.parse(request.POST.get("snapshot", "")),
    )
    count -= len(conflicts)
    if count:
        sentence = ngettext(
            "%(count)d inquiry assigned to %(contact)s.",
            "%(count)d inquiries assigned to %(contact)s.",
            count,
        )
        messages.info(request, sentence % {"count": count, "contact": contact})
    if conflicts:
        sentence = ngettext(
            "%(count)d inquiry was assigned by someone else in the meantime "
            "and was not changed: %(which)s.",
            "%(count)d inquiries were assigned by someone else in the meantime "
            "and were not changed: %(which)s.",
            len(conflicts),
        )
        which = "; ".join(conflicts[:MAX_NAMED_CONFLICTS])
        messages.warning(request, sentence % {"count": len(conflicts), "which": which})


def _assign_unless_changed(
    pks: Iterable[int], contact: Contact, request: HttpRequest, snapshot: ListSnapshot | None
) -> list[str]:
    """Assign each inquiry, except those that another user has assigned since the snapshot.

    Returns a sentence for each of these exceptions.
    """
    user, conflicts = logged_in_user(request), []
    for pk in list(pks):
        with transaction.atomic():
            inquiry = Inquiry.objects.select_for_update().filter(pk=pk).first()
            if inquiry is None:  # deleted in the meantime
                continue
            event = snapshot.conflicting_assignment(inquiry, user) if snapshot else None
            if event:
                conflicts.append(f"{inquiry}: {event_sentence(event)}")
            else:
                assign_inquiry(inquiry, contact, by=user)
    return conflicts


@admin.action(description=_("Not spam"), permissions=["change"])
def release(model_admin: Any, request: HttpRequest, queryset: QuerySet[Inquiry]) -> None:
    """Release the selected inquiries that are held as spam."""
    held = list(cast(InquiryQuerySet, queryset).held_as_spam()[:MAX_INQUIRIES])
    for inquiry in held:
        release_inquiry(inquiry, by=logged_in_user(request))
    sentence = ngettext(
        "%(count)d inquiry marked as not spam.",
        "%(count)d inquiries marked as not spam.",
        len(held),
    )
    messages.info(request, sentence % {"count": len(held)})
