"""Articles with categories, tags, search documents and daily page views."""

from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from django.db import connection

from core.search.documents import Document
from core.search.index import backend
from core.search.kinds import kind_of
from core.search.models import first_entry_id
from core.text.html import truncate_text
from core.text.tokens import join_tokens
from demo.bulk.spread import choose_age, is_rare, share_of_state
from demo.bulk.tables import Row, write_rows
from demo.bulk.texts import LANGUAGES, Body, Sentence, text_makers, translated, vocabulary
from news.models import Article, Category, DailyViews, Tag
from news.models.article import MAX_EXCERPT_LENGTH

YEARS = 10
DAYS_OF_VIEWS = 30
# The share of articles in each language, and of articles with views on most days.
TRANSLATED = {"en": 1.0, "zh-hans": 0.4, "ar": 0.15}
READ_DAILY = 0.04
NO_SUMMARY = Sentence("", "")
RARE_TAG = "Sample orders"
RARE_WORD = "Quillbrook"  # in the titles of the articles with the rare tag


def create_taxonomy() -> None:
    """The categories, half of them with a subcategory, and the tags; none if there are some."""
    if not Category.objects.exists():
        for order, (name, *translations) in enumerate(vocabulary()["news_categories"]):
            names = dict(zip(("name_zh_hans", "name_ar"), translations, strict=True))
            root = Category.objects.create(name_en=name, order=order, **names)
            if order % 2 == 0:
                Category.objects.create(name_en=f"{name} archive", parent=root)
    if not Tag.objects.exists():
        for name in [*vocabulary()["tags"], RARE_TAG]:
            Tag.objects.create(name_en=name)


def write_articles(random: Random, seed: int, ids: range, total: range, today: datetime) -> None:
    """Write the articles with these `ids`, of `total`, the oldest of which is the first."""
    categories = list(Category.objects.values_list("pk", flat=True))
    tags = list(Tag.objects.exclude(name_en=RARE_TAG).order_by("pk"))
    rare_tags = list(Tag.objects.filter(name_en=RARE_TAG))
    articles, links, documents, views = [], [], [], []
    for pk in ids:
        rare = is_rare(pk, total)
        chosen = _choose_tags(random, tags)
        if rare:
            chosen = sorted([*chosen, *rare_tags], key=lambda tag: tag.slug)
        ending = f" in {RARE_WORD}" if rare else ""
        row, found = _article(random, seed, pk, ending, [tag.name_en for tag in chosen])
        row |= _state(random, today - choose_age(random, pk, total, YEARS), today, total)
        row["category_id"] = categories[min(int(random.expovariate(0.5)), len(categories) - 1)]
        articles.append(row)
        documents += found
        links += [{"article_id": pk, "tag_id": tag.pk} for tag in chosen]
        if random.random() < READ_DAILY:
            views += _daily_views(random, pk, today)
    write_rows(Article, articles)
    write_rows(Article.tags.through, links)
    write_rows(DailyViews, views)
    with connection.cursor() as cursor:
        backend().insert(cursor, documents)


def _choose_tags(random: Random, tags: list[Any]) -> list[Any]:
    """Up to four tags, the first ones most often, in their usual order."""
    count = random.choice((0, 1, 1, 2, 2, 3, 4))
    chosen = {min(int(random.expovariate(0.25)), len(tags) - 1) for _ in range(count)}
    return sorted((tags[index] for index in chosen), key=lambda tag: tag.slug)


def _article(
    random: Random, seed: int, pk: int, ending: str, tags: list[str]
) -> tuple[Row, list[Document]]:
    """The columns and the search documents; `ending` is added to the titles."""
    titles, summaries, bodies = {}, {}, {}
    has_summary = random.random() < 0.7
    for language, share in TRANSLATED.items():
        if random.random() < share:
            maker = text_makers(seed)[language]
            titles[language] = maker.title(random) + ending
            summaries[language] = maker.summary(random) if has_summary else NO_SUMMARY
            bodies[language] = maker.body(random)
    views = int(random.paretovariate(0.9) * 10) % 1_000_000
    excerpts = {code: truncate_text(body.text, MAX_EXCERPT_LENGTH) for code, body in bodies.items()}
    row = {
        "id": pk,
        "slug": f"{titles['en'].lower().replace(' ', '-').replace(':', '')[:200]}-{pk}",
        **translated("title", titles),
        **translated("summary", {code: each.text for code, each in summaries.items()}),
        **translated("body", {code: body.html for code, body in bodies.items()}),
        **translated("excerpt", excerpts),
        "featured": random.random() < 0.001,
        "views": views,
        "aggregated_views": views,
    }
    return row, _documents(pk, titles, tags, summaries, bodies)


def _state(random: Random, publish_time: datetime, today: datetime, total: range) -> Row:
    """92 % of many are published; others are drafts, scheduled, expired or withdrawn."""
    drafts, expired = share_of_state(0.03, total), share_of_state(0.02, total)
    row: Row = {
        "status": "published",
        "publish_time": publish_time,
        "updated_at": publish_time + (today - publish_time) * random.random() ** 4,
    }
    match random.choices(range(6), (0.92, drafts, 0.005, 0.01, expired, 0.015))[0]:
        case 1:
            row["status"] = "draft"
        case 2:
            row["status"] = "submitted"
        case 3:
            row["publish_time"] = today + timedelta(days=random.randint(2, 30))
        case 4:
            row["expire_time"] = publish_time + (today - publish_time) / 2
        case 5:
            row |= {"status": "draft", "withdrawn_at": row["updated_at"]}
    return row


def _documents(
    pk: int,
    titles: dict[str, str],
    tags: list[str],
    summaries: dict[str, Sentence],
    bodies: dict[str, Body],
) -> list[Document]:
    """The same as `core.search.documents.build_documents` makes, from tokens that are known."""
    kind = kind_of(Article)
    first_id = first_entry_id(kind, pk)
    return [
        Document(
            first_id + index,
            kind.number,
            pk,
            tuple(code for code in LANGUAGES if code == language or code not in bodies)
            if language == "en"
            else (language,),
            join_tokens(titles[language], 1_000),
            " ".join(map(_tag_tokens, tags)),
            summaries[language].tokens,
            bodies[language].tokens,
        )
        for index, language in enumerate(bodies)
    ]


@cache
def _tag_tokens(name: str) -> str:
    return join_tokens(name, 1_000)


def _daily_views(random: Random, pk: int, today: datetime) -> list[Row]:
    each_day = random.paretovariate(1)
    return [
        {"article_id": pk, "day": (today - timedelta(days=day)).date(), "views": views}
        for day in range(DAYS_OF_VIEWS)
        if (views := int(random.expovariate(1) * each_day))
    ]
