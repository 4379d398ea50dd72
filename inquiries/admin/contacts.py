"""Extensions of the admin of contacts: a column, a redirect and a deletion check."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contacts.admin.extensions import (
    ContactColumn,
    DeletionRefusal,
    after_contact_change,
    contact_columns,
    contact_deletion_check,
)
from contacts.models import Contact
from core.http import logged_in_user
from inquiries.admin_urls import inquiry_changelist_url
from inquiries.models import Inquiry
from inquiries.permissions import may_see_all


@admin.display(description=_("open inquiries"), ordering="open_count")
def open_inquiries(contact: Any) -> SafeString:
    """The number of open inquiries, with a link to their list."""
    return format_html(
        '<a href="{}">{}</a>', inquiry_list_url(contact, open="yes"), contact.open_count
    )


contact_columns.append(
    ContactColumn(
        display=open_inquiries,
        section=_("Inquiries"),
        get_annotations=lambda: {"open_count": Inquiry.objects.open().count_by_contact()},
        is_visible=may_see_all,
    )
)


@after_contact_change
def show_inquiries_to_reassign(
    request: HttpRequest, before: Contact, after: Contact
) -> HttpResponse | None:
    """Redirect to the open inquiries of a contact who was just deactivated."""
    if not before.is_active or after.is_active:
        return None
    count = Inquiry.objects.open().filter(assigned_to=after).count()
    if not count or not may_see_all(logged_in_user(request)):
        return None
    sentence = ngettext(
        "%(contact)s is inactive and has %(count)d open inquiry. Reassign it below.",
        "%(contact)s is inactive and has %(count)d open inquiries. Reassign them below.",
        count,
    )
    messages.warning(request, sentence % {"contact": after, "count": count})
    return HttpResponseRedirect(inquiry_list_url(after, open="yes"))


@contact_deletion_check
def refuse_contacts_with_inquiries(contacts: QuerySet[Contact]) -> DeletionRefusal | None:
    """Refuse to delete contacts with inquiries; list the number of inquiries of each."""
    counted = contacts.annotate(count=Inquiry.objects.all().count_by_contact())
    lines = [_count_line(contact, contact.count) for contact in counted if contact.count]
    if not lines:
        return None
    reason = gettext(
        "Contacts with inquiries cannot be deleted because the inquiry "
        "history would be lost. Deactivate the contact instead and "
        "reassign the open inquiries."
    )
    return DeletionRefusal(reason, lines)


def inquiry_list_url(contact: Contact, **filters: object) -> str:
    """The URL of the list of a contact's inquiries."""
    return inquiry_changelist_url(assigned_to__id__exact=contact.pk, **filters)


def _count_line(contact: Contact, count: int) -> SafeString:
    sentence = ngettext("%(contact)s: %(count)d inquiry", "%(contact)s: %(count)d inquiries", count)
    text = sentence % {"contact": contact, "count": count}
    return format_html('<a href="{}">{}</a>', inquiry_list_url(contact), text)
