"""Columns and read-only fields of inquiries, for `list_display` and `readonly_fields`."""

from typing import Any

from django.conf.locale import LANG_INFO
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.office_hours import OfficeHours
from core.phone_numbers import tel_url
from inquiries.admin.assignees import assignee_labels
from inquiries.countries import country_of_number
from inquiries.display.deadlines import Deadline
from inquiries.models import Inquiry


@admin.display(description=_("buyer"), ordering="name")
def sender(inquiry: Inquiry) -> str:
    if inquiry.erased_at:
        return gettext("erased")
    return format_html("<bdi>{}</bdi>", ", ".join(filter(None, [inquiry.name, inquiry.company])))


@admin.display(description=_("e-mail"))
def email(inquiry: Inquiry) -> str:
    if inquiry.erased_at:
        return gettext("erased")
    if not inquiry.email:
        return "–"
    return format_html('<a href="mailto:{0}">{0}</a>', inquiry.email)


@admin.display(description=_("products"))
def products(inquiry: Inquiry) -> str:
    """The products in one line, from prefetched lines."""
    names = ", ".join(str(line) for line in inquiry.lines.all())
    return format_html("<bdi>{}</bdi>", names or gettext("no specific product"))


@admin.display(description=_("products"))
def product_links(inquiry: Inquiry) -> str:
    return _render("products", lines=inquiry.lines.select_related("product"))


@admin.display(description=_("phone"))
def telephone(inquiry: Inquiry) -> str:
    if not inquiry.phone_e164:
        return inquiry.phone or admin.site.empty_value_display
    url = tel_url(inquiry.phone, inquiry.country.code or country_of_number(inquiry.phone_e164))
    return format_html('<a href="{}" dir="ltr">{}</a>', url, inquiry.phone)


@admin.display(description=_("country"))
def country(inquiry: Inquiry) -> str:
    """The name; Django itself would build the list of all countries for each row."""
    return inquiry.country.name or admin.site.empty_value_display


@admin.display(description=_("language"))
def language(inquiry: Inquiry) -> str:
    return str(LANG_INFO[inquiry.language]["name_local"])


@admin.display(description=_("trade terms"))
def terms(inquiry: Inquiry) -> str:
    return _render("trade_terms", terms=inquiry.terms)


@admin.display(description=_("message"))
def message(inquiry: Inquiry) -> str:
    return format_html('<div class="message" dir="auto">{}</div>', inquiry.message)


@admin.display(description=_("status"), ordering="status")
def status(inquiry: Inquiry) -> str:
    return _render("status", inquiry=inquiry)


@admin.display(description=_("reply due"), ordering="due_at")
def due(inquiry: Inquiry, office_hours: OfficeHours | None = None) -> str:
    """The time left, or a dash if no answer is due; the list passes the office hours."""
    return _render("due", inquiry=inquiry, deadline=Deadline.of(inquiry, office_hours))


@admin.display(description=_("reply due"))
def deadline(inquiry: Inquiry) -> str:
    return _render("deadline", inquiry=inquiry, deadline=Deadline.of(inquiry))


@admin.display(description=_("assigned to"), ordering="assigned_to")
def assignee(inquiry: Inquiry, labels: dict[int, str] | None = None) -> str:
    """The contact, with a note about an absence; the list passes the labels of its contacts."""
    if inquiry.assigned_to_id is None:
        return admin.site.empty_value_display
    if labels is None:
        labels = assignee_labels(Contact.objects.filter(pk=inquiry.assigned_to_id))
    return labels[inquiry.assigned_to_id]


def _render(name: str, **context: Any) -> str:
    return render_to_string(f"admin/inquiries/_{name}.html", context)
