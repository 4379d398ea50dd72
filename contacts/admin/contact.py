"""The admin of the sales contacts."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from contacts.admin.extensions import (
    ContactColumn,
    change_hooks,
    contact_columns,
    deletion_checks,
)
from contacts.admin.forms import NUMBERS_AS_TYPED, ContactForm
from contacts.admin.inlines import AbsenceInline
from contacts.admin.urls import urlpatterns
from contacts.availability import Availability
from contacts.cards import ContactCard, get_contact_cards
from contacts.models import Company, Contact
from core.admin.translated import TranslatedAdmin
from core.http import logged_in_user


@admin.register(Contact)
class ContactAdmin(TranslatedAdmin):
    form = ContactForm
    list_display = ["name", "title", "phone", "mobile", "email", "user", "is_active"]
    list_filter = ["is_active", "whatsapp"]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["name", "title", "email", "phone", "mobile", "skype"]
    search_help_text = _("Name, job title, e-mail, phone number or Skype name")
    fieldsets = [
        (None, {"fields": ["name", "title", "department", "photo"]}),
        (_("Location and languages"), {"fields": ["languages", "city", "time_zone"]}),
        (
            _("Contact details"),
            {
                "fields": ["phone", "fax", "mobile", "whatsapp", "skype", "email"],
                "description": NUMBERS_AS_TYPED,
            },
        ),
        (_("Visibility"), {"fields": ["is_active", "order", "user"]}),
    ]
    inlines = [AbsenceInline]

    def get_urls(self) -> list[URLPattern]:
        return [*urlpatterns, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        contacts = super().get_queryset(request)
        for column in contact_columns:
            contacts = contacts.annotate(**column.get_annotations())
        return contacts

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Insert the extra columns after the job title, where they show without scrolling."""
        first, rest = self.list_display[:2], self.list_display[2:]
        added = [column.display for column in _visible_columns(request)]
        return [*first, *added, _make_availability_column(), *rest]

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        first, *rest = super().get_fieldsets(request, obj)
        added = [
            (column.section, {"fields": [column.display]})
            for column in (_visible_columns(request) if obj else [])
        ]
        return [first, *added, *rest]

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        added = [column.display for column in contact_columns]
        return [*super().get_readonly_fields(request, obj), *added]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Autocompletion would require a permission on accounts that managers do not have.
        if db_field.name == "user":
            match = request.resolver_match
            edited = unquote(match.kwargs.get("object_id", "")) if match else ""
            free = Q(contact=None) | Q(contact=edited) if edited.isdecimal() else Q(contact=None)
            accounts = User.objects.filter(free, is_staff=True)
            kwargs["queryset"] = accounts.order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        before = self.get_object(request, unquote(object_id)) if request.method == "POST" else None
        response = super().change_view(request, object_id, form_url, extra_context)
        if before and isinstance(response, HttpResponseRedirect):
            after = Contact.objects.get(pk=before.pk)
            for hook in change_hooks:
                response = hook(request, before, after) or response
        return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The objects to delete, or the reasons why some of the contacts cannot be deleted."""
        contacts = Contact.objects.filter(pk__in=[contact.pk for contact in objs])
        for check in deletion_checks:
            if refusal := check(contacts):
                self.message_user(request, refusal.reason, messages.ERROR)
                return [], {}, set(), list(refusal.lines)
        return super().get_deleted_objects(objs, request)


def _visible_columns(request: HttpRequest) -> list[ContactColumn]:
    return [column for column in contact_columns if column.is_visible(logged_in_user(request))]


def _make_availability_column() -> Callable[[Contact], Availability | None]:
    """A list column that reads the company and all absences once for the whole page."""

    @cache
    def company() -> Company:
        return Company.current()

    @cache
    def absent() -> dict[int, ContactCard]:
        contacts = Contact.objects.all().absent_or_substitute(company())
        return {card.contact.pk: card for card in get_contact_cards(contacts, company())}

    @admin.display(description=_("availability"))
    def availability(contact: Contact) -> Availability | None:
        if not contact.is_active:
            return None
        available = ContactCard(contact, company(), away_until=None, responsible=contact)
        return absent().get(contact.pk, available).availability

    return availability
