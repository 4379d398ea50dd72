"""The demo company's inquiries with their events, its answer templates and assignment rules."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from contacts.models import Contact
from core.languages import language_of_site
from demo.files import Row, days_ago, read_content
from inquiries.models import AnswerTemplate, AssignmentRule, Inquiry, InquiryLine
from inquiries.services import record_event
from inquiries.services.assignment_rules import assignment_data
from products.models import Product


def create_inquiries(manager: User) -> None:
    """Create the rows directly: the services would send e-mail and use today's date."""
    contacts = {contact.name: contact for contact in Contact.objects.select_related("user")}
    products = {product.slug: product for product in Product.objects.all()}
    for number, row in enumerate(read_content("inquiries")["inquiries"], start=1):
        lines, answer, note = row.pop("lines"), row.pop("answer"), row.pop("note")
        contact = contacts.get(row["assigned_to"])
        received = days_ago(row.pop("days_ago"))
        hours = row.pop("answered_after", 0)
        answered = received + timedelta(hours=hours) if answer else None
        inquiry = Inquiry.objects.create(
            **row
            | {
                "reference": f"DEMO{number:04}",
                "language": language_of_site(row["language"]),
                "assigned_to": contact,
                "created_at": received,
                "first_response_at": answered,
            }
        )
        for line in lines:
            InquiryLine.objects.create(
                inquiry=inquiry, **line | {"product": products[line["product"]]}
            )
        _create_events(inquiry, contact, manager, answer, note)


def _create_events(
    inquiry: Inquiry, contact: Contact | None, manager: User, answer: str, note: str
) -> None:
    """Record the events that explain the inquiry's status."""
    kinds = inquiry.events.model.Kind
    salesperson = contact.user if contact else None
    assigned = assignment_data(contact) if contact else None
    status = {"status": inquiry.status}
    if inquiry.status in {"new", "assigned", "answered"}:
        status = {}
    events: list[tuple[str, User | None, str, dict[str, Any] | None, int]] = [
        (kinds.RECEIVED, None, "", None, 0),
        (kinds.ASSIGNED, manager, "", assigned, 1),
        (kinds.NOTE, salesperson, note, None, 3),
        (kinds.ANSWERED, salesperson, answer, None, 5),
        (kinds.STATUS_CHANGED, salesperson or manager, "", status, 48),
    ]
    for kind, actor, text, data, hours in events:
        if text or data or kind == kinds.RECEIVED:
            at = inquiry.created_at + timedelta(hours=hours)
            record_event(inquiry, kind, by=actor, text=text, data=data, at=at)


def create_answer_templates() -> None:
    for row in _in_languages_of_site(read_content("answers")["templates"]):
        template = AnswerTemplate(**row | {"text": row["text"].strip()})
        template.full_clean()
        template.save()


def _in_languages_of_site(rows: list[Row]) -> Iterator[Row]:
    """Without the rows for languages that the site does not have; English ones are for all."""
    for row in rows:
        language = row.get("language", "")
        if language in ("", *settings.MODELTRANSLATION_LANGUAGES):
            yield row
        elif language == "en":
            yield row | {"language": ""}


def create_assignment_rules() -> None:
    contacts = {contact.name: contact for contact in Contact.objects.all()}
    for row in _in_languages_of_site(read_content("rules")["rules"]):
        rule = AssignmentRule(**row | {"contact": contacts.get(row["contact"])})
        rule.full_clean()
        rule.save()
