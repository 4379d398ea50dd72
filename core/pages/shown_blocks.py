"""The blocks of a page for its template: texts in the active language, rows read in bulk."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse

from core.page_cache.views import depend_on
from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, Entry
from core.pages.block_kinds import block_kinds
from core.pages.models import Page
from core.pages.stored_blocks import ENTRIES, StoredBlock, Values, active_language, text_in
from core.prepared_queries import prepared
from core.richtext.models import Picture
from core.security_policy import allow


@dataclass
class ShownBlocks:
    """What the template of a page needs: the blocks in order, their style sheets and scripts.

    Each block is a dict of its values; `template` is the name of its template.
    """

    blocks: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[type[Block]] = field(default_factory=list)
    cover: Picture | None = None

    @property
    def text(self) -> str:
        """The first text, to describe a page that has no description."""
        texts = (block.get("text") for block in self.blocks)
        return next((text for text in texts if text and isinstance(text, str)), "")

    @property
    def picture(self) -> Picture | None:
        """The cover, else the first picture."""
        pictures = (block.get("picture") for block in self.blocks)
        return self.cover or next((each for each in pictures if isinstance(each, Picture)), None)

    @property
    def styles(self) -> list[str]:
        return list(dict.fromkeys(path for kind in self.kinds for path in kind.styles))

    @property
    def scripts(self) -> list[str]:
        return list(dict.fromkeys(path for kind in self.kinds for path in kind.scripts))

    def extend_policy(self, response: HttpResponse) -> None:
        """Let the page load what its blocks need: their `policy`, which a kind may set."""
        for block in self.blocks:
            if policy := block.get("policy"):
                allow(response, policy)


@prepared(keys=models.BigIntegerField())
def _pictures(keys: Any) -> models.QuerySet[Picture]:
    return Picture.objects.filter(pk__in=keys)


def show_blocks(request: HttpRequest, page: Page) -> ShownBlocks:
    """The visible blocks of `page`; takes a query for the pictures, and those of each kind.

    A page that is kept ends when what they show changes.
    """
    kinds = block_kinds()
    stored = [block for block in page.blocks if not block.get("hidden") and block["kind"] in kinds]
    used = [kinds[name] for name in dict.fromkeys(block["kind"] for block in stored)]
    for kind in used:
        depend_on(request, *kind.tags, next_change=kind.next_change, lifetime=kind.lifetime)
    language = active_language()
    blocks = [_shown_block(block, kinds[block["kind"]], language) for block in stored]
    cover = _add_pictures(stored, blocks, page.cover_id)
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for block in blocks:
        by_kind[block["kind"]].append(block)
    for name, group in by_kind.items():
        kinds[name].prepare(group, request)
    return ShownBlocks(blocks, used, cover)


def _shown_block(block: StoredBlock, kind: type[Block], language: str) -> dict[str, Any]:
    shown = _shown_values(block["values"], kind, language)
    if kind.entry:
        entries = block["values"].get(ENTRIES, [])
        shown[ENTRIES] = [_shown_values(each["values"], kind.entry, language) for each in entries]
    name = block["kind"]
    return {**shown, "kind": name, "id": block["id"], "template": f"blocks/{name}.html"}


def _shown_values(values: Values, form: type[Entry], language: str) -> dict[str, Any]:
    return {
        name: text_in(language, values.get(name)) if name in form.translated else values.get(name)
        for name in form.base_fields
    }


def _add_pictures(
    stored: list[StoredBlock], blocks: list[dict[str, Any]], cover: int | None
) -> Picture | None:
    """Replace the keys of pictures by the pictures, in one query; returns that of the cover."""
    places = list(_picture_places(stored, blocks))
    keys = {shown[name] for shown, name in places if shown[name]} | ({cover} if cover else set())
    rows = {picture.pk: picture for picture in _pictures(keys=sorted(keys))} if keys else {}
    for shown, name in places:
        shown[name] = rows.get(shown[name])
    return rows.get(cover) if cover else None


def _picture_places(
    stored: list[StoredBlock], blocks: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], str]]:
    kinds = block_kinds()
    for block, shown in zip(stored, blocks, strict=True):
        kind = kinds[block["kind"]]
        yield from ((shown, name) for name in _picture_fields(kind))
        for entry in shown.get(ENTRIES, []):
            yield from ((entry, name) for name in _picture_fields(kind.entry))


def _picture_fields(form: Any) -> list[str]:
    return [name for name, each in form.base_fields.items() if isinstance(each, PictureField)]
