"""Inquiries with their lines, events and search texts."""

from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from contacts.models import Contact
from demo.bulk.spread import choose_age, is_rare, is_recent
from demo.bulk.tables import Row, write_rows
from demo.bulk.texts import make_town, text_makers, vocabulary
from inquiries.models import Inquiry, InquiryEvent, InquiryLine, InquirySearchText
from inquiries.search_text import build_search_text
from products.models import Product

YEARS = 5
CONTACTS = 12
INQUIRIES_PER_BUYER = 2.5
REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LANGUAGES = {"en": 80, "zh-hans": 12, "ar": 8}
# The weights of the statuses: of the newest, of those younger than a month, and of older ones.
Weights = dict[str, float]
NEWEST: Weights = {"new": 70, "assigned": 20, "spam": 10}
RECENT: Weights = {
    "new": 5, "assigned": 20, "answered": 35, "quoted": 15, "won": 5, "lost": 10, "spam": 10,
}  # fmt: skip
OLD: Weights = {"assigned": 0.1, "answered": 5, "quoted": 3, "won": 15, "lost": 67, "spam": 10}
SOURCES = {"product": 60, "article": 9, "basket": 15, "email": 12, "phone": 4}
DOMAINS = ("example.com", "example.net", "example.org")


def create_contacts() -> None:
    """Sales contacts; none if there are some."""
    if not Contact.objects.exists():
        names = zip(vocabulary()["first_names"], vocabulary()["last_names"], strict=False)
        for order, (first, last) in zip(range(CONTACTS), names, strict=False):
            Contact.objects.create(
                name=f"{first} {last}",
                order=order,
                email=f"{first.lower()}@example.com",
                phone=f"+86 371 5555 {1000 + order}",
            )


def write_inquiries(random: Random, seed: int, ids: range, total: range, today: datetime) -> None:
    """Write the inquiries with these `ids`, of `total`, the oldest of which is the first."""
    contacts = list(Contact.objects.order_by("pk").values_list("pk", "name", "user"))
    products = _choose_products(random, len(ids))
    inquiries, lines, events, texts = [], [], [], []
    for pk in ids:
        age = choose_age(random, pk, total, YEARS)
        # Of these, the first contact has as many in a small database as in a big one.
        with_held_message = is_rare(pk, total) and not is_recent(pk, total)
        status = "answered" if with_held_message else _choose_status(random, pk, total, age)
        row = _inquiry(random, seed, pk, len(total), today - age, status)
        contact = contacts[0] if with_held_message else random.choice(contacts)
        if row["status"] not in {"new", "spam"}:
            row["assigned_to_id"] = contact[0]
        lines += _lines(random, pk, products)
        timeline = _events(random, seed, row, contact, with_held_message)
        events += timeline
        written = [event["text"] for event in timeline if event.get("text")]
        text = build_search_text(SimpleNamespace(**row), [], written)
        texts.append({"inquiry_id": pk, "text": text})
        inquiries.append(row)
    write_rows(Inquiry, inquiries)
    write_rows(InquiryLine, lines)
    write_rows(InquiryEvent, events)
    write_rows(InquirySearchText, texts)


def _choose_products(random: Random, count: int) -> list[Any]:
    """Published products that the inquiries are about."""
    published = Product.objects.published().order_by("pk").values_list("pk", "name_en")
    first = published.first()
    if first is None:
        return []
    start = random.randint(first[0], published.last()[0])
    return list(published.filter(pk__gte=start)[:count]) or [first]


def _choose_status(random: Random, pk: int, total: range, age: timedelta) -> str:
    weights = RECENT if age < timedelta(days=30) else OLD
    if is_recent(pk, total):
        weights = NEWEST
    return random.choices(list(weights), list(weights.values()))[0]


def _inquiry(
    random: Random, seed: int, pk: int, total: int, created_at: datetime, status: str
) -> Row:
    language = random.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    due_at = created_at + timedelta(hours=24)
    answered = status in {"answered", "quoted", "won"} or (status == "lost" and pk % 5)
    answered_at = created_at + timedelta(hours=random.expovariate(1 / 12))
    messages = vocabulary()[f"messages_{language}"]
    maker = text_makers(seed)[language]
    chosen = random.sample(messages, k=random.randint(1, len(messages) // 2))
    return {
        "id": pk,
        **_buyer(random.randrange(1 + int(total / INQUIRIES_PER_BUYER))),
        "language": language,
        "reference": _reference(pk),
        "message": " ".join(maker.fill(random, sentence) for sentence in chosen),
        "source": random.choices(
            ("product", "article", "basket", "email", "phone"), (60, 9, 15, 12, 4)
        )[0],
        "destination_port": random.choice(("", "", make_town(random.randrange(500)))),
        "incoterm": random.choice(("", "", "FOB", "CIF", "EXW")),
        "status": status,
        "created_at": created_at,
        "due_at": due_at,
        "first_response_at": answered_at if answered else None,
        "acknowledged_at": created_at if status != "spam" else None,
    }


def _reference(pk: int) -> str:
    """A reference of eight letters and digits; each primary key has another one."""
    number = pk * 0x9E3779B1 % 2**40  # an odd factor, so no two primary keys give the same
    return "".join(REFERENCE_LETTERS[number >> shift & 31] for shift in range(35, -1, -5))


def _buyer(number: int) -> Row:
    words = vocabulary()
    first = words["first_names"][number % len(words["first_names"])]
    last = words["last_names"][number // 7 % len(words["last_names"])]
    kind = words["company_kinds"][number % len(words["company_kinds"])]
    random = Random(number)  # noqa: S311
    countries = words["countries"]
    index = min(int(random.expovariate(0.2)), len(countries) - 1)
    country, prefix, digits = countries[index]
    phone = f"+{prefix}{random.randrange(10**digits):0{digits}}"
    return {
        "name": f"{first} {last}",
        "email": f"{first}.{last}.{number}@{DOMAINS[number % len(DOMAINS)]}".lower(),
        "company": "" if number % 6 == 0 else f"{make_town(number * 31 % 2**15)} {kind}",
        "country": country,
        "phone": "" if number % 4 == 0 else phone,
        "phone_e164": "" if number % 4 == 0 else phone,
    }


def _lines(random: Random, inquiry: int, products: list[Any]) -> list[Row]:
    if not products:
        return []
    chosen = {random.choice(products) for _ in range(random.choice((1, 1, 1, 2, 3)))}
    return [
        {
            "inquiry_id": inquiry,
            "product_id": pk,
            "product_name": name,
            "quantity": random.randint(1, 20),
            "unit": "set",
        }
        for pk, name in sorted(chosen)
    ]


def _events(
    random: Random, seed: int, inquiry: Row, contact: Any, with_held_message: bool
) -> list[Row]:
    """The timeline that leads to the inquiry's status."""
    status, created_at = inquiry["status"], inquiry["created_at"]
    contact_pk, contact_name, user = contact
    fill = text_makers(seed)["en"].fill
    events: list[Row] = []

    def add(kind: str, at: datetime, **values: Any) -> None:
        events.append({"inquiry_id": inquiry["id"], "kind": kind, "at": at, "data": {}, **values})

    add("received", created_at)
    if status == "spam":
        add("held", created_at, data={"reasons": ["links"]})
        return events
    add("acknowledged", created_at)
    if "assigned_to_id" in inquiry:
        data = {"contact": contact_pk, "contact_name": contact_name}
        add("assigned", created_at + timedelta(minutes=20), data=data)
    if answered_at := inquiry["first_response_at"]:
        text = fill(random, random.choice(vocabulary()["answers"]))
        add("answered", answered_at, actor_id=user, text=text)
        if with_held_message or random.random() < 0.3:
            text = fill(random, random.choice(vocabulary()["messages_en"]))
            held = with_held_message or random.random() < 0.01
            kind = "held_message" if held else "message"
            add(kind, answered_at + timedelta(days=1), text=text)
        if random.random() < 0.2:
            text = fill(random, random.choice(vocabulary()["notes"]))
            add("note", answered_at + timedelta(days=2), actor_id=user, text=text)
    if status in {"quoted", "won", "lost"}:
        at = (answered_at or created_at) + timedelta(days=5)
        add("status_changed", at, actor_id=user, data={"status": status})
    return events
