"""Put the demo company into an empty database."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone, translation

from contacts.models import Absence, Company, Contact
from core.images import prepare_picture
from core.roles import EDITORS, MANAGERS, SALES, WRITERS
from demo.papers import specimen
from inquiries.models import AnswerTemplate, AssignmentRule, Inquiry, InquiryLine
from inquiries.services import record_event
from inquiries.services.assignment_rules import assignment_data
from news import models as news
from products import models as products

HERE = Path(__file__).parent
Row = dict[str, Any]


def has_content() -> bool:
    """Whether anything has been written yet."""
    kinds = (Contact, news.Article, products.Product, products.Category, Inquiry)
    return any(kind.objects.exists() for kind in kinds) or Company.get_solo().name != ""


def load(password: str) -> list[str]:
    """Write the demo content; every staff account gets `password`. Returns their user names.

    Dates are counted back from today, so that the site always looks alive.
    """
    staff = _accounts(password)
    with translation.override("en"):  # what a text without a language is written in
        _company(_read("company"), staff)
        _products(_read("products"))
        _articles(_read("articles"))
        _readings()
        _inquiries(_read("inquiries"), by=staff["manager"])
        _templates(_read("answers"))
        _rules(_read("rules"))
    return list(staff)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / "content" / f"{name}.toml").read_text())


def _picture(name: str) -> ContentFile | None:
    if not name:
        return None
    with (HERE / "pictures" / name).open("rb") as file:
        return prepare_picture(ContentFile(file.read(), name=name))


def _accounts(password: str) -> dict[str, User]:
    """An administrator and one account for each role; the sales contacts have their own."""
    roles = {"admin": "", "editor": EDITORS, "writer": WRITERS, "manager": MANAGERS}
    roles |= dict.fromkeys(("july", "abner", "candy"), SALES)
    accounts = {}
    for name, role in roles.items():
        accounts[name] = user = get_user_model().objects.create_user(
            name, f"{name}@example.com", password, is_staff=True, is_superuser=name == "admin"
        )
        if role:
            user.groups.add(Group.objects.get(name=role))
    return accounts


def _company(data: Row, staff: dict[str, User]) -> None:
    company = Company.get_solo()
    for field, value in data["company"].items():
        setattr(company, field, value)
    company.save()
    for row in data["contacts"]:
        Contact.objects.create(user=staff[row["name"].lower()], **row)
    for row in data["hours"]:
        for weekday in row["weekdays"]:
            company.working_hours.create(weekday=weekday, opens=row["opens"], closes=row["closes"])
    for row in data["holidays"]:
        company.holidays.create(**_ahead(row, company.today))
    for row in data["absences"]:
        names = {name: Contact.objects.get(name=row[name]) for name in ("contact", "substitute")}
        Absence.objects.create(**_ahead(row, company.today) | names)


def _products(data: Row) -> None:
    categories = _by_slug(
        products.Category, [row | {"image": _picture(row["image"])} for row in data["categories"]]
    )
    related: dict[str, list[str]] = {}
    for order, row in enumerate(data["products"], start=1):
        specifications, images = row.pop("specifications"), row.pop("images")
        variants, downloads = row.pop("variants", []), row.pop("downloads", [])
        related[row["slug"]] = row.pop("related_products", [])
        row["category"] = categories[row["category"]]
        product = products.Product.objects.create(order=order, **row)
        for place, specification in enumerate(specifications):
            product.specifications.create(order=place, **specification)
        for place, image in enumerate(images):
            file = _picture(image.pop("file"))
            product.images.create(order=place, image=file, **image)
        for place, variant in enumerate(variants):
            product.variants.create(order=place, **variant)
        for place, paper in enumerate(downloads):
            product.downloads.create(order=place, file=specimen(product), **paper)
    for slug, others in related.items():
        chosen = products.Product.objects.filter(slug__in=others)
        products.Product.objects.get(slug=slug).related_products.set(chosen)


def _articles(data: Row) -> None:
    categories = _by_slug(news.Category, data["categories"])
    tags = _by_slug(news.Tag, data["tags"])
    for row in data["articles"]:
        tagged = [tags[slug] for slug in row.pop("tags")]
        row["category"] = categories[row["category"]]
        row["cover"] = _picture(row["cover"])
        row["publish_time"] = _days_ago(row.pop("days_ago"))
        if "source_days_ago" in row:
            row["source_time"] = _days_ago(row.pop("source_days_ago"))
        news.Article.objects.create(**row).tags.set(tagged)


def _readings() -> None:
    """The last sixty days of readings, more for what was read more, a little uneven."""
    today = timezone.localdate()
    news.DailyViews.objects.bulk_create(
        news.DailyViews(
            article=article,
            day=today - timedelta(days=back),
            views=article.views * (3 + (back * 7 + place * 5) % 6) // 900,
        )
        for place, article in enumerate(news.Article.objects.published())
        for back in range(60)
    )


def _inquiries(data: Row, by: User) -> None:
    """Inquiries with their past: written row by row, since nobody is to be told by mail."""
    contacts = {contact.name: contact for contact in Contact.objects.select_related("user")}
    by_slug = {product.slug: product for product in products.Product.objects.all()}
    for number, row in enumerate(data["inquiries"], start=1):
        lines, answer, note = row.pop("lines"), row.pop("answer"), row.pop("note")
        contact = contacts.get(row["assigned_to"])
        received = _days_ago(row.pop("days_ago"))
        hours = row.pop("answered_after", 0)
        answered = received + timedelta(hours=hours) if answer else None
        inquiry = Inquiry.objects.create(
            **row
            | {
                "reference": f"DEMO{number:04}",
                "assigned_to": contact,
                "created_at": received,
                "first_response_at": answered,
            }
        )
        for line in lines:
            InquiryLine.objects.create(
                inquiry=inquiry, **line | {"product": by_slug[line["product"]]}
            )
        _past(inquiry, contact, by, answer, note)


def _past(inquiry: Inquiry, contact: Contact | None, manager: User, answer: str, note: str) -> None:
    """The events that led to where the inquiry is now."""
    kinds = inquiry.events.model.Kind
    person = contact.user if contact else None
    assigned = assignment_data(contact) if contact else None
    status = inquiry.status
    is_moved = status not in {"new", "assigned", "answered"}
    past: list[tuple[str, User | None, str, dict[str, Any] | None, int]] = [
        (kinds.RECEIVED, None, "", None, 0),
        (kinds.ASSIGNED, manager, "", assigned, 1),
        (kinds.NOTE, person, note, None, 3),
        (kinds.ANSWERED, person, answer, None, 5),
        (kinds.STATUS_CHANGED, person or manager, "", {"status": status} if is_moved else None, 48),
    ]
    for kind, actor, text, values, hours in past:
        if text or values or kind == kinds.RECEIVED:
            at = inquiry.created_at + timedelta(hours=hours)
            record_event(inquiry, kind, by=actor, text=text, data=values, at=at)


def _templates(data: Row) -> None:
    for row in data["templates"]:
        template = AnswerTemplate(**row | {"text": row["text"].strip()})
        template.full_clean()
        template.save()


def _rules(data: Row) -> None:
    contacts = {contact.name: contact for contact in Contact.objects.all()}
    for row in data["rules"]:
        rule = AssignmentRule(**row | {"contact": contacts.get(row["contact"])})
        rule.full_clean()
        rule.save()


def _by_slug(model: type[models.Model], rows: list[Row]) -> dict[str, Any]:
    """Make a row of `model` of each, in their order."""
    ordered = "order" in {field.name for field in model._meta.fields}
    return {
        row["slug"]: model._default_manager.create(**({"order": place} if ordered else {}) | row)
        for place, row in enumerate(rows, start=1)
    }


def _ahead(row: Row, today: date) -> Row:
    """`row` with the days that it has counted from today."""
    first = today + timedelta(days=row.pop("begins_in_days"))
    return row | {"first_day": first, "last_day": first + timedelta(days=row.pop("days") - 1)}


def _days_ago(days: float) -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(days=days)
