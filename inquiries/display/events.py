"""Events as text in the active language, made from their data."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts import display_name
from inquiries.models import AssignmentReason, Inquiry, InquiryEvent
from inquiries.screening import REASONS

Kind = InquiryEvent.Kind

# Shown to colleagues who have the inquiry open.
SENTENCES: dict[str, Promise] = {
    Kind.ASKED_AGAIN: _("the buyer sent a follow-up inquiry"),
    Kind.MESSAGE: _("the buyer sent a new message"),
    Kind.RELEASED: _("%(who)s marked it as not spam"),
    Kind.ASSIGNED: _("%(who)s assigned it to %(what)s"),
    Kind.ANSWERED: _("%(who)s replied to the buyer"),
    Kind.STATUS_CHANGED: _("%(who)s changed the status to %(what)s"),
    Kind.MERGED: _("%(who)s merged it with another inquiry"),
    Kind.SPLIT: _("%(who)s split it"),
    Kind.ERASED: _("%(who)s erased the buyer's data"),
}


def event_summary(event: InquiryEvent) -> str:
    """The data of an event as text, else the text that a person wrote."""
    data = event.data
    match event.kind:
        case Kind.HELD:
            return "; ".join(str(REASONS.get(code, code)) for code in data.get("reasons", []))
        case Kind.ASSIGNED:
            return assignment_text(data)
        case Kind.STATUS_CHANGED:
            return str(Inquiry.Status(data["status"]).label)
        case Kind.REMINDED:
            return data.get("contact_name") or gettext("the managers")
        case Kind.BOUNCED:
            return data.get("report", "")
        case Kind.MERGED:
            return ", ".join([data.get("reference", ""), *data.get("buyer", [])])
        case Kind.SPLIT:
            return data.get("reference", "")
    return event.text


def assignment_text(data: dict[str, Any]) -> str:
    """The contact with the reason for the assignment, from the data of an event."""
    contact = data.get("contact_name", "")
    if not (reason := data.get("reason")):
        return contact
    values = {"contact": contact, "rule": data.get("rule_name", "")}
    text = str(AssignmentReason(reason).label) % values
    if absent := data.get("absent_name"):
        return gettext("%(said)s, substituting for %(absent)s") % {"said": text, "absent": absent}
    return text


def event_sentence(event: InquiryEvent) -> str:
    """A sentence for colleagues, for the kinds in `InquiryEvent.RELEVANT_TO_STAFF`."""
    values = {
        "who": display_name(event.actor) or gettext("the system"),
        "what": event_summary(event),
    }
    return str(SENTENCES[event.kind]) % values
