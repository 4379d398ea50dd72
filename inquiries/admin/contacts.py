"""The inquiries of a contact, where the contact is looked after."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contacts.admin import ContactAdmin
from contacts.models import Contact
from inquiries.addresses import list_of
from inquiries.models import Inquiry
from inquiries.permissions import sees_all

admin.site.unregister(Contact)


@admin.register(Contact)
class InquiredContactAdmin(ContactAdmin):
    """Shows how many open inquiries each has, and sees to them when one goes off the site."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        contacts = super().get_queryset(request)
        return contacts.annotate(open_count=Inquiry.objects.open().count_by_contact())

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = [*super().get_list_display(request)]
        if sees_all(request.user):
            columns.insert(2, "open_inquiries")  # where it can be seen without scrolling
        return columns

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        parts = [*super().get_fieldsets(request, obj)]
        if obj and sees_all(request.user):
            parts.insert(1, (_("Inquiries"), {"fields": ["open_inquiries"]}))
        return parts

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), "open_inquiries"]

    @admin.display(description=_("open inquiries"), ordering="open_count")
    def open_inquiries(self, contact: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', inquiries_of(contact, open="yes"), contact.open_count
        )

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        form.instance.goes_off = change and "is_active" in form.changed_data and not obj.is_active

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """After the form; whoever goes off the site leaves open inquiries to be assigned anew."""
        response = super().response_change(request, obj)
        count = Inquiry.objects.open().filter(assigned_to=obj).count() if obj.goes_off else 0
        if not count or not sees_all(request.user):
            return response
        sentence = ngettext(
            "%(contact)s is off the site and has %(count)d open inquiry. Assign it anew below.",
            "%(contact)s is off the site and has %(count)d open inquiries. Assign them anew below.",
            count,
        )
        self.message_user(request, sentence % {"contact": obj, "count": count}, messages.WARNING)
        return HttpResponseRedirect(inquiries_of(obj, open="yes"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with those that are deleted; who has had inquiries stays, and it says why."""
        contacts = Contact.objects.filter(pk__in=[contact.pk for contact in objs])
        counted = contacts.annotate(count=Inquiry.objects.all().count_by_contact())
        kept = [contact for contact in counted if contact.count]
        if not kept:
            return super().get_deleted_objects(objs, request)
        reason = gettext(
            "A contact who has inquiries cannot be deleted, since these would lose their history. "
            "Take them off the site instead, and assign what is open to somebody else."
        )
        self.message_user(request, reason, messages.ERROR)
        return [], {}, set(), [_counted(contact, contact.count) for contact in kept]


def inquiries_of(contact: Contact, **filters: object) -> str:
    """The address of the list of a contact's inquiries."""
    return list_of(assigned_to__id__exact=contact.pk, **filters)


def _counted(contact: Contact, count: int) -> SafeString:
    sentence = ngettext("%(contact)s: %(count)d inquiry", "%(contact)s: %(count)d inquiries", count)
    words = sentence % {"contact": contact, "count": count}
    return format_html('<a href="{}">{}</a>', inquiries_of(contact), words)
