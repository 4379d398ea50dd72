"""Products with categories and specifications."""

from functools import cache
from random import Random
from types import SimpleNamespace

from django.utils.text import slugify

from core.search.index import update_index
from demo.bulk.tables import Row, write_rows
from demo.bulk.texts import LANGUAGES, Translations, text_makers, translated, vocabulary
from products.measurements import Measurement, parse_measurement
from products.models import Category, Product, Specification
from products.models.specification import MAX_NAME_LENGTH
from products.search_text import build_search_text, comparison_key

TRANSLATED = {"en": 1.0, "zh-hans": 0.5, "ar": 0.3}


def create_categories() -> None:
    """A tree on three levels; nothing if there are categories."""
    if Category.objects.exists():
        return
    for order, names in enumerate(vocabulary()["product_categories"]):
        name, name_zh_hans, name_ar = names
        root = Category.objects.create(
            name_en=name, name_zh_hans=name_zh_hans, name_ar=name_ar, order=order
        )
        for size in ("Stationary", "Mobile", "Laboratory"):
            child = Category.objects.create(name_en=f"{name}: {size.lower()}", parent=root)
            for drive in ("electric", "diesel"):
                Category.objects.create(name_en=f"{name}: {size.lower()}, {drive}", parent=child)


def write_products(random: Random, seed: int, ids: range) -> None:
    """Write the products with these `ids`."""
    categories = list(Category.objects.order_by("pk").values_list("pk", flat=True))
    products, specifications = [], []
    for pk in ids:
        category = categories[min(int(random.expovariate(0.1)), len(categories) - 1)]
        product = _product(random, seed, pk) | {"category_id": category}
        rows = _specifications(random, pk)
        parts = [SimpleNamespace(**row) for row in rows]
        product["search_text"] = build_search_text(SimpleNamespace(**product), parts, [])
        products.append(product)
        specifications += rows
    write_rows(Product, products)
    write_rows(Specification, specifications)
    update_index(Product, ids)


def _product(random: Random, seed: int, pk: int) -> Row:
    index = random.randrange(len(vocabulary()["machine_ar"]))
    names, summaries, descriptions, units = {}, {}, {}, {}
    model = f"{random.choice('JKLMNPRST')}X-{pk:06}"
    for language, share in TRANSLATED.items():
        if random.random() < share:
            maker = text_makers(seed)[language]
            machine = vocabulary()[f"machine_{language}"][index]
            names[language] = f"{machine[0].upper()}{machine[1:]} {model}"
            summaries[language] = maker.summary(random).text
            descriptions[language] = maker.body(random).html
            units[language] = {"en": "set", "zh-hans": "台", "ar": "طقم"}[language]
    return {
        "id": pk,
        "slug": slugify(names["en"]),
        "sku": model,
        **translated("name", names),
        **translated("summary", summaries),
        **translated("description", descriptions),
        **translated("unit", units),
        "port": "Qingdao",
        "port_en": "Qingdao",
        "lead_time": "30 days",
        "lead_time_en": "30 days",
        "hs_code": f"8474{random.randint(1000, 9999)}",
        "min_order": random.choice((1, 1, 1, 2, 5, 10)),
        "featured": random.random() < 0.001,
        "order": random.randint(0, 5),
        "status": random.choices(list(Product.Status.values), (5, 95))[0],
    }


@cache
def _key(text: str) -> str:
    return comparison_key(text, MAX_NAME_LENGTH)


@cache
def _measurement(text: str) -> Measurement | None:
    return parse_measurement(text, language="en")


def _specifications(random: Random, product: int) -> list[Row]:
    rows = []
    for order, values in enumerate(vocabulary()["specifications"]):
        *texts, unit, lowest, highest, step = values
        names: Translations = dict(zip(LANGUAGES, texts, strict=True))
        value = f"{random.randrange(lowest, highest + step, step)} {unit}"
        found = _measurement(value)
        rows.append(
            {
                "product_id": product,
                "order": order,
                **translated("name", names),
                **translated("value", {"en": value}),
                "name_key": _key(names["en"]),
                "value_key": _key(value),
                "minimum": found.minimum if found else None,
                "maximum": found.maximum if found else None,
                "unit": found.unit.base if found else "",
            }
        )
    return rows
